"""What the records are called that events are about, and where to look at them.

Rooms register a kind of record when the app starts; the audit list asks once per kind, whatever the
number of rows.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.functional import Promise

if TYPE_CHECKING:
    from prm.events.models import Event

MOST = 200  # records that one search may find


@dataclass(frozen=True, slots=True)
class Record:
    """A record as a reader sees it; without an address it is only named."""

    text: str
    url: str = ""


Finder = Callable[[set[UUID]], Mapping[UUID, Record]]
Searcher = Callable[[str], Iterable[UUID]]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record: its name, how to find some by uid, how to search them by text."""

    name: str | Promise
    find: Finder
    search: Searcher | None = None


_kinds: dict[str, Kind] = {}


def register(label: str, name: str | Promise, find: Finder, search: Searcher | None = None) -> None:
    """Name a kind of record; `label` is the model's, in lower case: "partners.partner"."""
    _kinds[label] = Kind(name, find, search)


def choices() -> list[tuple[str, str]]:
    """Return (label, name) of every kind, sorted by name."""
    return sorted(((label, str(kind.name)) for label, kind in _kinds.items()), key=lambda c: c[1])


def kind_name(label: str) -> str:
    """Return what a kind is called; an unregistered one reads as its model."""
    return str(_kinds[label].name) if label in _kinds else label.rpartition(".")[2]


def of(events: Iterable["Event"]) -> dict[tuple[str, UUID], Record]:
    """Return the records that events are about; one query per kind. Missing ones are gone."""
    wanted: dict[str, set[UUID]] = {}
    for event in events:
        wanted.setdefault(event.target_label, set()).add(event.target_uid)
    return {
        (label, uid): record
        for label, uids in wanted.items()
        if label in _kinds
        for uid, record in _kinds[label].find(uids).items()
    }


def search(text: str) -> list[UUID]:
    """Return the uids of records whose name or reference holds the text, and a typed uid itself."""
    found: list[UUID] = []
    try:
        found.append(UUID(text))
    except ValueError:
        for kind in _kinds.values():
            if kind.search is not None:
                found += kind.search(text)
    return found
