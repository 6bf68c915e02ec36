"""How a name stands among the others that were found for the same query. Pure.

A name that fits is worth less when ten others fit as well, and more when none comes near.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log

NAMES = (
    "gap",  # points behind the best
    "rank",  # how many are better
    "near",  # others that have no less, within three points
    "near_more",  # within ten points
    "crowd",  # log of the weight of all others
    "margin",  # points ahead of the best other
    "likeness",  # its own points
)
ALONE = 50.0
"""The margin of a name without rivals."""


def measure(scores: Sequence[float]) -> list[tuple[float, ...]]:
    """The facts of each name from the scores of all, which are sorted, best first."""
    facts: list[tuple[float, ...]] = []
    for at, score in enumerate(scores):
        others = [*scores[:at], *scores[at + 1 :]]
        weight = sum(exp((other - score) / 10) for other in others)
        facts.append(
            (
                scores[0] - score,
                float(at),
                float(sum(other >= score - 3 for other in others)),
                float(sum(other >= score - 10 for other in others)),
                log(weight + 1e-3),
                score - max(others) if others else ALONE,
                score,
            )
        )
    return facts
