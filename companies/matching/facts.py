"""From two aligned names to facts: numbers that say how they agree and differ. Pure."""

from __future__ import annotations

from collections.abc import Sequence
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
    strengths: list[float] = []
    covered_left = covered_right = head = 0.0
    short, worst, tail = 0, 1.0, 0.0
    last = (len(left.tokens) - 1, len(right.tokens) - 1)
    starts = {}
    for pair in aligned.pairs:
        weight_left, weight_right = _sum(left, pair.left), _sum(right, pair.right)
        covered_left += weight_left * pair.agreement
        covered_right += weight_right * pair.agreement
        worst = min(worst, pair.agreement)
        if pair.how == SHORT:
            short = max(short, min(6, pair.letters))
        else:
            strengths.append(pair.agreement * min(weight_left, weight_right))
        if 0 in pair.left and 0 in pair.right:
            head = pair.agreement
        if last[0] in pair.left and last[1] in pair.right:
            tail = pair.agreement
        starts[pair.left[0]] = pair.right[0]
    strengths.sort(reverse=True)
    strengths += [0.0, 0.0]
    missing_new = max(0.0, 1 - covered_left / left.total)
    missing_old = max(0.0, 1 - covered_right / right.total)
    lead = 0
    while lead < 3 and starts.get(lead) == lead:
        lead += 1
    return (
        strengths[0],
        strengths[1],
        sum(strengths[2:]),
        missing_new,
        missing_old,
        _most(left, aligned.left),
        _most(right, aligned.right),
        head,
        float(lead),
        JaroWinkler.similarity(left.compact, right.compact),
        Indel.normalized_similarity(_sorted(left), _sorted(right)),
        worst if aligned.pairs else 0.0,
        float(short),
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
        tail,
    )


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
