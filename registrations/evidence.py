"""What stands beside a case for its referee: who was first, what is suggested, and what the rules said."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language

from prm import clock
from registrations import engagement, selectors, suggesting
from registrations.enums import OPEN_STATES, ConflictKind, Eligibility, State
from registrations.models import Protection, Registration, RegistrationConflict
from registrations.suggesting import Contender, Suggestion


@dataclass(frozen=True, slots=True)
class Arrival:
    """One registration on the strip of who was first."""

    row: Registration
    is_own: bool
    until: date | None


def arrivals(
    row: Registration, conflicts: Iterable[RegistrationConflict], own: Protection | None
) -> list[Arrival]:
    """Return a case and what it collides with, in ledger order, with the ends of protections."""
    others = {c.other.pk: c.other for c in conflicts if c.other is not None and c.weight}
    rows = sorted([row, *others.values()], key=lambda one: (one.ledger_number or 0, one.pk))
    until = own.last_day if own is not None and row.state == State.APPROVED else None
    return [
        Arrival(one, True, until) if one.pk == row.pk else Arrival(one, False, _until(one))
        for one in rows
    ]


def _until(row: Registration) -> date | None:
    ends = [
        holding.protection.last_day
        for holding in row.holdings.all()
        if holding.protection.period.upper is not None and holding.ended_at is None
    ]
    return max(ends, default=None)


_CLAIMS = frozenset({ConflictKind.PENDING, ConflictKind.PROTECTED})


def holders(row: Registration) -> list[str]:
    """Return the partners that hold part of a case's scope now; nobody for one that is over."""
    if row.company_id is None or row.state not in OPEN_STATES:
        return []
    held = selectors.holders_of(row.company_id, selectors.scope_of(row), clock.now())
    return list(dict.fromkeys(one.partner.name for one in held.select_related("partner")))


def suggestion(
    row: Registration, conflicts: Iterable[RegistrationConflict], held_by: list[str]
) -> Suggestion | None:
    """Return what the usual rules suggest for a case that is undecided; None for any other."""
    if row.state not in OPEN_STATES or row.state == State.QUEUED or row.company is None:
        return None
    open_ = [conflict for conflict in conflicts if conflict.is_open]
    claims = [c for c in open_ if c.kind in _CLAIMS and c.other is not None]
    same = [c for c in claims if c.company_id == row.company_id]
    elsewhere = [c for c in claims if c.company_id != row.company_id]
    own = [c for c in open_ if c.kind == ConflictKind.OWN_DUPLICATE and c.other is not None]
    facts = suggesting.Facts(
        own=_contender(row),
        rivals=tuple(_contender(c.other) for c in same if c.other and c.other.state in OPEN_STATES),
        holders=tuple(held_by),
        duplicates=tuple(c.other.reference for c in own if c.other),
        designation=row.company.designation,
        needs_person=_needs_person(row),
        maybe=tuple(dict.fromkeys(c.other.partner.name for c in elsewhere if c.other)),
    )
    return suggesting.suggest(facts)


def _contender(row: Registration) -> Contender:
    assert row.submitted_at is not None
    return Contender(
        row.reference,
        row.partner.name,
        row.ledger_number or 0,
        row.submitted_at,
        row.state != State.ACTION_REQUIRED,
    )


def _needs_person(row: Registration) -> str:
    terms = engagement.terms_for(row)
    if terms.eligibility == Eligibility.ELIGIBLE:
        return ""
    return _title(row.trace or {}, terms.decided_by.get("eligibility", ""))


def matched_rules(row: Registration) -> list[str]:
    """Return the titles of the rules of engagement that matched, as they were called then."""
    trace: dict[str, Any] = row.trace or {}
    return [_title(trace, code) for code in trace.get("matched", [])]


def _title(trace: dict[str, Any], code: str) -> str:
    words = trace.get(engagement.TITLES, {}).get(code, {})
    return str(words.get(get_language() or "en") or words.get("en") or code)
