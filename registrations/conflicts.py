"""Does it matter? Scope and kind of what a registration collides with. Pure: no ORM, no clock.

Whether two names are the same customer is `companies.matching`'s question; here the answer is given.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from registrations.enums import ConflictKind

ANY = frozenset[int]()
"""A scope without limits: every product line, or every place."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Product lines by places; an empty set means all of them."""

    products: frozenset[int] = ANY
    places: frozenset[int] = ANY

    def overlaps(self, other: "Scope") -> bool:
        """Return whether any product line in any place is in both."""
        return _meet(self.products, other.products) and _meet(self.places, other.places)


@dataclass(frozen=True, slots=True)
class Claim:
    """Something that somebody has at a company: a protection, an open registration, a lead."""

    kind: ConflictKind
    company: int
    scope: Scope
    partner: int | None = None
    registration: int | None = None


@dataclass(frozen=True, slots=True)
class Resemblance:
    """That a company may be the customer: 100 is certain (it is the registration's own company)."""

    company: int
    score: int
    designation: str
    evidence: tuple[Mapping[str, object], ...] = ()
    related: bool = False  # not the same customer, but of its family


@dataclass(frozen=True, slots=True)
class Flag:
    """One conflict for a person to look at."""

    kind: ConflictKind
    company: int
    score: int
    registration: int | None = None
    evidence: tuple[Mapping[str, object], ...] = ()


_SIDES = {"new": "old", "old": "new"}


def turned(evidence: Iterable[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    """Return the reasons of a conflict as its other side has them: what is new there is old here."""
    return tuple(
        {
            **line,
            "code": {"only_new": "only_old", "only_old": "only_new"}.get(
                line["code"], line["code"]
            ),
            "params": {_SIDES.get(name, name): value for name, value in line["params"].items()},
        }
        for line in evidence
    )


_DESIGNATED = {
    "VENDOR_DIRECT": ConflictKind.VENDOR_DIRECT,
    "RESTRICTED": ConflictKind.RESTRICTED,
}


def judge(
    scope: Scope, partner: int, resemblances: Iterable[Resemblance], claims: Iterable[Claim]
) -> list[Flag]:
    """Return the conflicts of a registration, surest first.

    A claim of the same partner counts as its own duplicate; claims whose scope does not meet the
    registration's do not matter; designation matters whatever the scope.
    """
    known = {r.company: r for r in resemblances}
    flags = [
        Flag(_DESIGNATED[r.designation], r.company, r.score, None, r.evidence)
        for r in known.values()
        if r.designation in _DESIGNATED
    ]
    for claim in claims:
        found = known.get(claim.company)
        if found is None or not scope.overlaps(claim.scope) or _own_lead(claim, partner):
            continue
        kind = _kind(claim, found, partner)
        flags.append(Flag(kind, claim.company, found.score, claim.registration, found.evidence))
    return sorted(_strongest(flags), key=lambda f: (-f.score, f.kind, f.registration or 0))


def _own_lead(claim: Claim, partner: int) -> bool:
    """A deal that a partner makes of its own lead collides with nothing."""
    return claim.kind == ConflictKind.LEAD and claim.partner == partner


def _kind(claim: Claim, found: Resemblance, partner: int) -> ConflictKind:
    if found.related:
        return ConflictKind.RELATED
    return ConflictKind.OWN_DUPLICATE if claim.partner == partner else claim.kind


def _strongest(flags: Iterable[Flag]) -> Iterable[Flag]:
    """One flag per thing collided with; a protection says more than the registration that holds it."""
    order = {ConflictKind.PROTECTED: 0, ConflictKind.OWN_DUPLICATE: 1}
    best: dict[tuple[object, ...], Flag] = {}
    for flag in flags:
        key = ("r", flag.registration) if flag.registration else ("c", flag.company, flag.kind)
        kept = best.get(key)
        if kept is None or order.get(flag.kind, 9) < order.get(kept.kind, 9):
            best[key] = flag
    return best.values()


def _meet(one: frozenset[int], other: frozenset[int]) -> bool:
    return not one or not other or bool(one & other)
