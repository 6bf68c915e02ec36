"""Events ready to show: words, look, who, and what changed. For timelines and the audit list."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from prm.events import labels
from prm.events.changes import Change
from prm.events.models import Event
from prm.events.timeline import Line, lines


@dataclass(frozen=True, slots=True)
class Entry:
    """One event as `templates/events/_timeline.html` shows it."""

    event: Event
    at: datetime
    text: str
    actor: str
    icon: str
    tone: str
    changes: tuple[Change, ...]
    facts: tuple[tuple[str, str], ...]
    erased: bool


def entries(events: Iterable[Event], *, details: bool = True) -> list[Entry]:
    """Return events as entries; one query for all actors' names.

    `details=False` leaves out what changed and every text: for readers who may know only that
    something happened. Wants `select_related("detail")`.
    """
    return [_entry(line, details) for line in lines(events)]


def summary(event: Event) -> str:
    """Return what an event changed or says, in one line of text; nothing if there is nothing."""
    detail = getattr(event, "detail", None)
    private = (detail.private or {}) if detail else {}
    changed = [f"{c.label}: {c.old} → {c.new}" for c in _changes(event.data, private)]
    stated = [f"{name}: {value}" for name, value in _facts(event.data, private)]
    return "; ".join([*stated, *changed])


def _entry(line: Line, details: bool) -> Entry:
    look = labels.look(line.event.code)
    data = line.event.data if details else {}
    private = line.private if details else {}
    return Entry(
        event=line.event,
        at=line.at,
        text=line.text,
        actor=line.actor,
        icon=look.icon,
        tone=look.tone,
        changes=tuple(_changes(data, private)),
        facts=tuple(_facts(data, private)),
        erased=line.erased,
    )


def _changes(data: Mapping[str, Any], private: Mapping[str, Any]) -> Iterator[Change]:
    """Yield changed fields; a name in the private part goes before its id in the chained one."""
    both = {**_pairs(data), **_pairs(private)}
    for name, (old, new) in both.items():
        yield Change(labels.field(name), labels.spell(name, old), labels.spell(name, new))


def _pairs(part: Mapping[str, Any]) -> dict[str, list[Any]]:
    changed = part.get("changes")
    if not isinstance(changed, dict):
        return {}
    return {n: p for n, p in changed.items() if isinstance(p, list) and len(p) == 2}


def _facts(data: Mapping[str, Any], private: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what else an event says, under the names that rooms registered."""
    both = {**data, **private}
    for name, value in both.items():
        if name != "changes" and labels.is_field(name) and value not in ("", None, [], {}):
            yield labels.field(name), labels.spell(name, value)
