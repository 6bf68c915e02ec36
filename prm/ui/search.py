"""One search over everything: rooms say when the app starts how their records are found.

    search.register(
        Source("deals", _("Deals"), "deal", {Audience.VENDOR}, VENDOR_ROLES, find_deals, all_deals, order=10),
    )

A source returns at most as many hits as it is asked for, and only what this person may know of.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from prm.access import Audience, Role

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from prm.http import PrmRequest

MOST = 8
"""So many hits per group; whoever wants more follows the link to all of them."""
SHORTEST, LONGEST = 2, 100


@dataclass(frozen=True, slots=True)
class Hit:
    """One record that was found."""

    title: str
    url: str
    note: str = ""


Finder = Callable[["PrmRequest", str, int], list[Hit]]


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of record: how it is found, and the list with all of what fits."""

    code: str
    label: "_StrPromise | str"
    icon: str
    audiences: frozenset[Audience] | set[Audience]
    roles: Iterable[Role]
    find: Finder
    list_url: Callable[[], str]
    order: int = 100


@dataclass(frozen=True, slots=True)
class Group:
    """What one source has found."""

    label: str
    icon: str
    hits: list[Hit]
    all_url: str  # empty when everything is shown


_sources: dict[str, Source] = {}


def register(*sources: Source) -> None:
    """Add sources; registering a code again replaces it."""
    for source in sources:
        _sources[source.code] = source


def run(request: "PrmRequest", text: str) -> list[Group]:
    """Return what every source that this person may use has found; nothing for too short a text."""
    text = " ".join(text.replace("\0", "").split())[:LONGEST]
    if len(text) < SHORTEST:
        return []
    found = []
    for source in sorted(_sources.values(), key=lambda each: each.order):
        if request.user.audience not in source.audiences:
            continue
        if not frozenset(source.roles) & request.user.roles:
            continue
        hits = source.find(request, text, MOST + 1)
        if hits:
            more = f"{source.list_url()}?{urlencode({'q': text})}" if len(hits) > MOST else ""
            found.append(Group(str(source.label), source.icon, hits[:MOST], more))
    return found
