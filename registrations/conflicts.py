"""Does it matter? Scope and kind of what a registration collides with. Pure: no ORM, no clock.

Whether two names are the same customer is `companies.matching`'s question, and its number is `score`.
How much it matters is asked here, and its number is `weight`: what the kind weighs, times a factor for
each ground that lessens it. The two are kept apart. Weights and factors are our judgement, out of 100.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from math import prod
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
class Deal:
    """What is asked for: by whom, in which scope, until when it should be sold, in which trade."""

    scope: Scope
    partner: int
    expected_close: date | None = None
    industry: int | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """Something that somebody has at a company: a protection, an open registration, a lead."""

    kind: ConflictKind
    company: int
    scope: Scope
    partner: int | None = None
    registration: int | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Ground:
    """One reason why something matters more or less; `factor` is in hundredths, 0 means not at all."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    factor: int = 100


@dataclass(frozen=True, slots=True)
class Resemblance:
    """That a company may be the customer: 100 is certain (it is the registration's own company)."""

    company: int
    score: int
    designation: str
    evidence: tuple[Mapping[str, object], ...] = ()
    related: bool = False  # not the same customer, but of its family
    industry: int | None = None


@dataclass(frozen=True, slots=True)
class Flag:
    """One conflict for a person to look at."""

    kind: ConflictKind
    company: int
    score: int
    registration: int | None = None
    evidence: tuple[Mapping[str, object], ...] = ()
    grounds: tuple[Ground, ...] = ()

    @property
    def weight(self) -> int:
        """How much it matters, 0 to 100: what its kind weighs times the factors of its grounds."""
        return round(WEIGHTS[self.kind] * prod(ground.factor / 100 for ground in self.grounds))


WEIGHTS = {
    ConflictKind.PROTECTED: 100,
    ConflictKind.VENDOR_DIRECT: 100,
    ConflictKind.RESTRICTED: 100,
    ConflictKind.PENDING: 80,
    ConflictKind.LEAD: 80,
    ConflictKind.OWN_DUPLICATE: 60,
    ConflictKind.RELATED: 40,
}
PARTLY, ENDS_FIRST, OTHER_TRADE = 80, 60, 80

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


def judge(deal: Deal, resemblances: Iterable[Resemblance], claims: Iterable[Claim]) -> list[Flag]:
    """Return the conflicts of a deal, those that matter most and are surest first.

    A claim of the same partner counts as its own duplicate; claims whose scope does not meet the
    deal's do not matter (`dismissed` has them); designation matters whatever the scope.
    """
    known = {r.company: r for r in resemblances}
    flags = [_designated(r) for r in known.values() if r.designation in _DESIGNATED]
    flags += [flag for flag in _weighed(deal, known, claims) if flag.weight]
    return sorted(_strongest(flags), key=_order)


def dismissed(
    deal: Deal, resemblances: Iterable[Resemblance], claims: Iterable[Claim]
) -> list[Flag]:
    """Return what was looked at and does not matter because the scopes do not meet, and why."""
    known = {r.company: r for r in resemblances if not r.related}
    flags = [flag for flag in _weighed(deal, known, claims) if not flag.weight]
    return sorted(_strongest(flags), key=_order)


def _order(flag: Flag) -> tuple[int, int, str, int]:
    return -flag.score, -flag.weight, flag.kind, flag.registration or 0


def _designated(found: Resemblance) -> Flag:
    kind = _DESIGNATED[found.designation]
    grounds: tuple[Ground, ...] = ()
    if found.related:
        kind, grounds = ConflictKind.RELATED, (Ground("designated", {"as": kind.value}),)
    return Flag(kind, found.company, found.score, None, found.evidence, grounds)


def _weighed(
    deal: Deal, known: Mapping[int, Resemblance], claims: Iterable[Claim]
) -> Iterable[Flag]:
    """Every claim at a company that may be the customer, with its grounds."""
    for claim in claims:
        found = known.get(claim.company)
        if found is not None and not _own_lead(claim, deal.partner):
            grounds = tuple(_grounds(deal, claim, found))
            kind = _kind(claim, found, deal.partner)
            yield Flag(
                kind, claim.company, found.score, claim.registration, found.evidence, grounds
            )


def _grounds(deal: Deal, claim: Claim, found: Resemblance) -> Iterable[Ground]:
    yield _shared("products", deal.scope.products, claim.scope.products)
    yield _shared("places", deal.scope.places, claim.scope.places)
    if claim.until and deal.expected_close and claim.until < deal.expected_close:
        yield Ground("ends_first", {"until": claim.until.isoformat()}, ENDS_FIRST)
    if deal.industry and found.industry and deal.industry != found.industry:
        yield Ground("other_trade", {}, OTHER_TRADE)


def _shared(what: str, ours: frozenset[int], theirs: frozenset[int]) -> Ground:
    """How far two sets meet, where an empty one means everything."""
    if not _meet(ours, theirs):
        return Ground(f"{what}_differ", {"ours": sorted(ours), "theirs": sorted(theirs)}, 0)
    both = ours & theirs if ours and theirs else ours | theirs
    partly = bool(ours and theirs) and both < ours
    return Ground(f"{what}_shared", {"both": sorted(both)}, PARTLY if partly else 100)


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
