"""From two aligned names to facts, from facts to points. Pure.

Each fact has one weight, so each line of evidence is worth exactly what it adds. Weights were
fitted by logistic regression at two directory sizes, with the sign of every weight fixed
beforehand: a fact that speaks for can never count against. Ten points are one unit of log-odds.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import log

from rapidfuzz.distance import Indel, JaroWinkler

from companies.matching.align import SHORT, Alignment, Side
from companies.matching.values import Level

WEIGHTS: Mapping[str, float] = {
    "rare": 42.0,
    "more": 11.0,
    "spelling": 16.0,
    "letters": 16.0,
    "head": 2.0,
    "same": 15.0,
    "short_2": 18.0,
    "short_3": 36.0,
    "short_4": 61.0,
    "short_5": 77.0,
    "missing_new": -18.0,
    "missing_old": -27.0,
    "clash": -2.0,
    "numbers": -10.0,
    "aside": -26.0,
}
KNOWN_ALIAS = 100
KNOWN_ALIAS_SHORT = 85
REMEMBERED = 20
SAME_DOMAIN = 90
SISTER_DOMAIN = 10
OTHER_DOMAIN = -15
DOMAIN_LABEL = 20
SAME_COUNTRY = 7
OTHER_COUNTRY = -15
SAME_NUMBER = 90
SAME_NUMBER_UNCHECKED = 50
"""A number whose digits nothing checks, such as one of a court's register, may be another court's."""
OTHER_NUMBER = -40
SAME_CITY = 15
OTHER_CITY = -3
"""Little: a company has many sites, and a city has many names."""
SAME_INDUSTRY = 3
OTHER_INDUSTRY = -7

SHIFT = 80.0
"""Added to every score, so that those worth showing are above zero."""
_LEAST = 24.0
_STEP = 20.0


def glance(left: Side, right: Side, aligned: Alignment) -> float:
    """What two names are worth at a first glance: a weighted sum of a few facts."""
    found = _strengths(left, right, aligned)
    found["clash"] = min(_lost(left, aligned.left), _lost(right, aligned.right)) / 10
    found["numbers"] = float(_numbers(left, aligned.left) != _numbers(right, aligned.right))
    found["spelling"] = max(0.0, JaroWinkler.similarity(left.compact, right.compact) - 0.7) / 0.3
    found["letters"] = _sorted_likeness(left, right) ** 2
    found["head"] = max(
        (pair.agreement for pair in aligned.pairs if 0 in pair.left and 0 in pair.right),
        default=0.0,
    )
    found["same"] = float(left.compact == right.compact)
    found["aside"] = float(not (left.main and right.main))
    return sum(WEIGHTS[name] * value for name, value in found.items())


def level_of(score: float, least: float) -> Level | None:
    """How sure a score is, given the least that is shown; None below that."""
    if score < least:
        return None
    if score >= least + 2 * _STEP:
        return Level.STRONG
    return Level.LIKELY if score >= least + _STEP else Level.POSSIBLE


def threshold(names: int) -> float:
    """The lowest score that is shown among so many names; about one wrong name per query.

    The more names there are, the more look alike by chance: the threshold rises with their number.
    """
    return max(_LEAST, 6.8 * log((names + 1000) / 1000) + 3)


def _strengths(left: Side, right: Side, aligned: Alignment) -> dict[str, float]:
    """How much the paired words weigh, and how much of each name they cover."""
    found: dict[str, float] = {}
    strengths: list[float] = []
    covered_left = covered_right = 0.0
    for pair in aligned.pairs:
        weight_left, weight_right = _lost(left, pair.left), _lost(right, pair.right)
        covered_left += weight_left * pair.agreement
        covered_right += weight_right * pair.agreement
        if pair.how == SHORT:
            letters = min(5, max(2, pair.letters))
            found[f"short_{letters}"] = 1.0
        else:
            strengths.append(pair.agreement * min(weight_left, weight_right))
    strengths.sort(reverse=True)
    if strengths:
        found["rare"] = strengths[0] / 10
        found["more"] = min(sum(strengths[1:]) / 10, 2.0)
    found["missing_new"] = max(0.0, 1 - covered_left / left.total)
    found["missing_old"] = max(0.0, 1 - covered_right / right.total)
    return found


def _lost(side: Side, places: tuple[int, ...] | list[int]) -> float:
    return sum(side.weights[at] for at in places)


def _sorted_likeness(left: Side, right: Side) -> float:
    one = " ".join(sorted(left.tokens))
    two = " ".join(sorted(right.tokens))
    return Indel.normalized_similarity(one, two)


def _numbers(side: Side, free: list[int]) -> list[str]:
    return sorted(side.tokens[at] for at in free if any(map(str.isdigit, side.tokens[at])))
