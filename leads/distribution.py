"""Who gets a lead: filter by rules, rank by fit, then take turns by weighted deficit. Pure.

No ORM, no clock, no chance: the same inputs give the same outcome, so what was stored can be replayed.

*Turns.* Every partner has a *credit*, counted in millionths of a millionth of a turn (`TURN`); whoever
starts has none. A lead that is distributed among eligible partners E of the best rank adds to each of
them `weight / sum of weights in E` turns, and takes one whole turn from the chosen one: the sum of all
credits is always nought. Partners outside E keep their credit: being ineligible neither gains nor loses.

*Who is next.* Among those whose credit is above nought the one whose turn must come soonest, that is,
with the smallest `(1 - credit) / share`: the leads that may still pass before it is a whole turn behind.
This is the rule of the chairman assignment problem (R. Tijdeman, "The chairman assignment problem",
1980; the same as earliest deadline first in proportionate-fair scheduling, Baruah, Cohen, Plaxton and
Varvel 1996). While E stays the same, nobody is ever a whole turn ahead of its exact share or behind it,
whatever the weights; "largest credit first" (smooth weighted round robin) does not promise the second.
Ties go to whoever's last turn is longest ago, then by reference.

*What a turn is.* An offer is a turn, however it is answered. A partner that declines or lets the time
run out has had its turn and is asked about its next one as usual: it is not punished, and whoever
declines a lot does not see more leads than others; nobody is offered the same lead twice by turns. An
offer that the vendor withdraws before it is answered was no turn: `undo` takes its numbers back exactly.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from leads.enums import Outcome, Reason

TURN = 10**12
"""One turn in units of credit; shares are whole units, so that credits never need fractions."""


@dataclass(frozen=True, slots=True)
class Demand:
    """What a lead asks of a partner, and what the rules say about it."""

    country: str
    place: int | None
    products: frozenset[int] = frozenset()
    skills: frozenset[int] = frozenset()
    open_cap: int = 10
    match_territory: bool = True
    match_skills: bool = True


@dataclass(frozen=True, slots=True)
class Candidate:
    """A partner as a distribution sees it; `key` is its reference, `turned` the number of its last turn."""

    key: str
    weight: int
    credit: int = 0
    turned: int = 0
    country: str = ""
    places: frozenset[int] = frozenset()
    products: frozenset[int] = frozenset()
    skills: frozenset[int] = frozenset()
    closed: tuple[Reason, ...] = ()  # why its gate for leads is closed
    open_leads: int = 0
    asked: bool = False
    reachable: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """What is said about one candidate: outcome, reasons (the first is the main one), and the numbers."""

    key: str
    outcome: Outcome
    reasons: tuple[Reason, ...]
    rank: int
    weight: int
    credit: int
    turned: int
    share: int = 0  # added to its credit
    after: int = 0  # its credit when all is done


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of a distribution: every candidate's line, best first, and the chosen one's key."""

    chosen: str | None
    lines: tuple[Line, ...] = field(default_factory=tuple)


def distribute(demand: Demand, candidates: Iterable[Candidate]) -> Result:
    """Choose whose turn it is; the order of the candidates does not matter."""
    lines = [_judged(demand, each) for each in sorted(candidates, key=lambda c: c.key)]
    turn = _turn(lines)
    if not turn:
        return Result(None, _sorted(lines))
    due = [line for line in turn if line.credit + line.share > 0]
    chosen = min(due or turn, key=_soon)  # nobody is due when all have had turns out of turn
    return _settled(lines, turn, chosen.key, Reason.TURN, Reason.OTHERS_FIRST)


def assign(demand: Demand, candidates: Iterable[Candidate], key: str) -> Result:
    """Give the lead to one candidate by hand; it counts as its turn. Eligible or not is a person's call.

    Raises KeyError for somebody who is no candidate.
    """
    lines = [_judged(demand, each) for each in sorted(candidates, key=lambda c: c.key)]
    wanted = next((line for line in lines if line.key == key), None)
    if wanted is None:
        raise KeyError(key)
    turn = _turn(lines)
    if all(line.key != key for line in turn):  # outside the turns: it owes one to those inside
        turn = [*turn, replace(wanted, share=0)] if turn else [replace(wanted, share=TURN)]
    return _settled(lines, turn, key, Reason.BY_HAND, Reason.OTHER_CHOSEN)


def undo(lines: Iterable[Line]) -> dict[str, int]:
    """Return what to add to each credit so that a distribution was no turn of anybody's."""
    return {line.key: line.credit - line.after for line in lines if line.after != line.credit}


def why_not(demand: Demand, candidate: Candidate) -> tuple[Reason, ...]:
    """Return every reason for which a candidate may not get the lead, the weightiest first."""
    found = {
        Reason.PAUSED: candidate.weight <= 0,
        Reason.ASKED: candidate.asked,
        Reason.TERRITORY: demand.match_territory and not _works_there(demand, candidate),
        Reason.SKILL: demand.match_skills and not demand.skills <= candidate.skills,
        Reason.CAP: candidate.open_leads >= demand.open_cap,
        Reason.NOBODY: not candidate.reachable,
    }
    reasons = [reason for reason, holds in found.items() if holds]
    return (*reasons, *(reason for reason in candidate.closed if reason not in reasons))


def rank(demand: Demand, candidate: Candidate) -> int:
    """Return how well a candidate fits: 0 sells all that is wanted, 1 some of it, 2 nothing of it."""
    if demand.products <= candidate.products:
        return 0
    return 1 if demand.products & candidate.products else 2


def shares(weights: Sequence[int]) -> list[int]:
    """Return one turn divided by weight into whole units; what is left over goes to the first ones."""
    total = sum(weights)
    parts = [TURN * weight // total for weight in weights]
    for at in range(TURN - sum(parts)):
        parts[at] += 1
    return parts


def _works_there(demand: Demand, candidate: Candidate) -> bool:
    """In its territories; where the vendor has no territory for a country, in the partner's own country."""
    if demand.place is None:
        return demand.country == candidate.country
    return demand.place in candidate.places


def _judged(demand: Demand, candidate: Candidate) -> Line:
    reasons = why_not(demand, candidate)
    return Line(
        key=candidate.key,
        outcome=Outcome.EXCLUDED if reasons else Outcome.WAITING,
        reasons=reasons,
        rank=rank(demand, candidate),
        weight=candidate.weight,
        credit=candidate.credit,
        turned=candidate.turned,
        after=candidate.credit,
    )


def _turn(lines: Sequence[Line]) -> list[Line]:
    """Return the eligible lines of the best rank, each with its share of this turn."""
    eligible = [line for line in lines if line.outcome != Outcome.EXCLUDED]
    best = min((line.rank for line in eligible), default=0)
    turn = [line for line in eligible if line.rank == best]
    if not turn:
        return []
    parts = shares([line.weight for line in turn])
    return [replace(line, share=part) for line, part in zip(turn, parts, strict=True)]


def _settled(
    lines: Sequence[Line], turn: Sequence[Line], key: str, why: Reason, why_others: Reason
) -> Result:
    shared = {line.key: line.share for line in turn}
    settled = []
    for line in lines:
        after = line.credit + shared.get(line.key, 0) - (TURN if line.key == key else 0)
        changed = replace(line, share=shared.get(line.key, 0), after=after)
        if line.key == key:
            changed = replace(changed, outcome=Outcome.CHOSEN, reasons=(why, *line.reasons))
        elif line.outcome == Outcome.WAITING and line.key in shared:
            changed = replace(changed, reasons=(why_others,))
        elif line.outcome == Outcome.WAITING:
            changed = replace(changed, outcome=Outcome.RANKED, reasons=(Reason.OTHERS_FIT,))
        settled.append(changed)
    return Result(key, _sorted(settled))


_ORDER = {Outcome.CHOSEN: 0, Outcome.WAITING: 1, Outcome.RANKED: 2, Outcome.EXCLUDED: 3}


def _sorted(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Return the lines as people read them: the chosen one, who is next, who may not and why."""
    ordered = sorted(lines, key=lambda line: (_ORDER[line.outcome], line.rank, _soon(line)))
    return tuple(ordered)


def _soon(line: Line) -> tuple[Fraction, int, str]:
    """Return how soon a line must have its turn; then who waits longest, then the reference."""
    if not line.share:
        return Fraction(0), line.turned, line.key
    return Fraction(TURN - line.credit - line.share, line.share), line.turned, line.key
