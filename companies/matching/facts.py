"""From two aligned names to facts: numbers that say how they agree and differ. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import log

from rapidfuzz.distance import Indel, JaroWinkler

from companies.matching.align import SHORT, Alignment, Side
from companies.matching.words import PLACES, canonical

NAMES = (
    "rare",  # weight of the rarest word in common
    "second",  # of the next
    "rest",  # of all others
    "missing_new",  # share of the new name that found no partner, 0 to 1
    "missing_old",  # share of the existing name
    "heavy_new",  # weight of the rarest word without a partner in the new name
    "heavy_old",
    "head",  # how well the first words agree
    "lead",  # how many words from the start on agree in order, up to 3
    "spelling",  # likeness of the names without spaces
    "letters",  # likeness of the sorted words
    "worst",  # how well the worst pair of words agrees
    "short",  # letters of a short form
    "same",  # equal without spaces
    "aside",  # a trade name, or words in brackets
    "numbers",  # numbers differ
    "words",  # words of the shorter name, up to 5
    "length",  # log of the letters of the shorter name
    "place",  # only words for places differ
    "least",  # the smaller of the two missing shares: small if one name is within the other
    "most",  # the larger
    "free_new",  # words without a partner in the new name, up to 4
    "free_old",
    "tail",  # how well the last words agree
)
_PLACES = frozenset(map(canonical, PLACES))


def measure(left: Side, right: Side, aligned: Alignment) -> tuple[float, ...]:
    """The facts about a new (left) and an existing (right) name, in the order of NAMES."""
    paired = _paired(left, right, aligned)
    strengths = [*sorted(paired.strengths, reverse=True), 0.0, 0.0]
    missing_new = max(0.0, 1 - paired.covered_new / left.total)
    missing_old = max(0.0, 1 - paired.covered_old / right.total)
    return (
        strengths[0],
        strengths[1],
        sum(strengths[2:]),
        missing_new,
        missing_old,
        _most(left, aligned.left),
        _most(right, aligned.right),
        paired.head,
        float(paired.lead),
        JaroWinkler.similarity(left.compact, right.compact),
        Indel.normalized_similarity(_sorted(left), _sorted(right)),
        paired.worst if aligned.pairs else 0.0,
        float(paired.short),
        float(left.compact == right.compact),
        float(not (left.main and right.main)),
        float(_numbers(left, aligned.left) != _numbers(right, aligned.right)),
        float(min(len(left.tokens), len(right.tokens), 5)),
        log(max(1, min(len(left.compact), len(right.compact)))),
        float(_only_places(left, right, aligned)),
        min(missing_new, missing_old),
        max(missing_new, missing_old),
        float(min(4, len(aligned.left))),
        float(min(4, len(aligned.right))),
        paired.tail,
    )


@dataclass(slots=True)
class _Paired:
    """What the pairs of words add up to."""

    strengths: list[float] = field(default_factory=list)
    covered_new: float = 0.0
    covered_old: float = 0.0
    worst: float = 1.0
    short: int = 0
    head: float = 0.0
    tail: float = 0.0
    lead: int = 0


def _paired(left: Side, right: Side, aligned: Alignment) -> _Paired:
    found = _Paired()
    last = (len(left.tokens) - 1, len(right.tokens) - 1)
    starts = {}
    for pair in aligned.pairs:
        weight_new, weight_old = _sum(left, pair.left), _sum(right, pair.right)
        found.covered_new += weight_new * pair.agreement
        found.covered_old += weight_old * pair.agreement
        found.worst = min(found.worst, pair.agreement)
        if pair.how == SHORT:
            found.short = max(found.short, min(6, pair.letters))
        else:
            found.strengths.append(pair.agreement * min(weight_new, weight_old))
        if 0 in pair.left and 0 in pair.right:
            found.head = pair.agreement
        if last[0] in pair.left and last[1] in pair.right:
            found.tail = pair.agreement
        starts[pair.left[0]] = pair.right[0]
    while found.lead < 3 and starts.get(found.lead) == found.lead:
        found.lead += 1
    return found


def _sum(side: Side, places: Sequence[int]) -> float:
    return sum(side.weights[at] for at in places)


def _most(side: Side, free: Sequence[int]) -> float:
    return max((side.weights[at] for at in free), default=0.0)


def _sorted(side: Side) -> str:
    return " ".join(sorted(side.tokens))


def _numbers(side: Side, free: Sequence[int]) -> list[str]:
    return sorted(side.tokens[at] for at in free if any(map(str.isdigit, side.tokens[at])))


def _only_places(left: Side, right: Side, aligned: Alignment) -> bool:
    free = [left.tokens[at] for at in aligned.left] + [right.tokens[at] for at in aligned.right]
    return bool(free) and bool(aligned.pairs) and _PLACES.issuperset(free)
