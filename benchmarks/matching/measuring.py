"""From what was found to figures: recall, false flags, average precision. Pure.

A query's outcome is its ranked list of at most ten names, each with its score and whether it is the
right one. Thresholds are set afterwards, so one run gives every figure.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.figures import quantile
from benchmarks.matching.files import Query

MOST = 10
RESOLVABLE = ("same_core", "linked", "acronym")
BUDGETS = {
    "half_flag": 0.5,
    "1_flag": 1.0,
    "2_flags": 2.0,
    "3_flags": 3.0,
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One name of a ranked list."""

    score: float
    hit: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one query found, best first, and how long it took."""

    query: Query
    shown: tuple[Shown, ...]
    seconds: float

    def place(self) -> int:
        """Where the right name stands, from 1; 0 if it is not in the list."""
        return next((at for at, one in enumerate(self.shown, 1) if one.hit), 0)

    def right_at(self, threshold: float) -> bool:
        """Whether the right name is shown at this threshold."""
        return any(one.hit and one.score >= threshold for one in self.shown)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The lowest score that each budget of false flags per query allows."""

    at: dict[str, float]
    flags: dict[str, float]


def fit(outcomes: Sequence[Outcome]) -> Thresholds:
    """Set each threshold so that the main queries show at most so many wrong names on average."""
    main = [outcome for outcome in outcomes if outcome.query.kind == "main"]
    wrong = sorted((one.score for o in main for one in o.shown if not one.hit), reverse=True)
    at, flags = {}, {}
    for name, budget in BUDGETS.items():
        at[name] = _lowest(wrong, int(budget * len(main)))
        flags[name] = false_flags(main, at[name])
    return Thresholds(at, flags)


def _lowest(wrong: Sequence[float], allowed: int) -> float:
    """The lowest threshold that lets at most so many wrong scores through; ties stay out."""
    if len(wrong) <= allowed:
        return float("-inf")
    stop = wrong[allowed]  # the first that must not be shown
    above = [score for score in wrong[:allowed] if score > stop]
    return (above[-1] + stop) / 2 if above else stop + 1e-9


def false_flags(outcomes: Sequence[Outcome], threshold: float) -> float:
    """Wrong names shown per query."""
    wrong = sum(one.score >= threshold and not one.hit for o in outcomes for one in o.shown)
    return wrong / max(1, len(outcomes))


def figures(outcomes: Sequence[Outcome], thresholds: Thresholds) -> dict[str, float | int | None]:
    """Recall and latency of some queries."""
    places = [outcome.place() for outcome in outcomes]
    found: dict[str, float | int | None] = {
        "queries": len(outcomes),
        "recall_at_1": _share(place == 1 for place in places),
        "recall_at_10": _share(0 < place <= MOST for place in places),
    }
    for name, threshold in thresholds.at.items():
        found[f"recall_at_{name}"] = _share(outcome.right_at(threshold) for outcome in outcomes)
    times = [outcome.seconds * 1000 for outcome in outcomes]
    for name, share in (("p50_ms", 0.5), ("p95_ms", 0.95), ("p99_ms", 0.99)):
        found[name] = quantile(times, share) if times else None
    return found


def resolvable(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """The main queries whose spelling has some visible link to the stored name."""
    return [o for o in outcomes if o.query.kind == "main" and o.query.stratum in RESOLVABLE]


def _share(truths: Iterable[bool]) -> float | None:
    every = list(truths)
    return sum(every) / len(every) if every else None


def average_precision(rated: Iterable[tuple[float, bool]]) -> float | None:
    """Mean precision at each right one, best score first; equal scores count as one step."""
    ordered = sorted(rated, key=lambda item: -item[0])
    positives = sum(same for _, same in ordered)
    if not positives:
        return None
    total, right, seen, at = 0.0, 0, 0, 0
    while at < len(ordered):
        end = at
        while end < len(ordered) and ordered[end][0] == ordered[at][0]:
            end += 1
        group = sum(same for _, same in ordered[at:end])
        right += group
        seen = end
        total += group * right / seen
        at = end
    return total / positives


def at_threshold(rated: Sequence[tuple[float, bool]], threshold: float) -> dict[str, float]:
    """Precision, recall and F1 of pairs at a threshold."""
    taken = [same for score, same in rated if score >= threshold]
    right, positives = sum(taken), sum(same for _, same in rated)
    precision = right / len(taken) if taken else 0.0
    recall = right / positives if positives else 0.0
    both = precision + recall
    return {
        "precision": precision,
        "recall": recall,
        "f1": 2 * precision * recall / both if both else 0.0,
    }


def best_threshold(rated: Sequence[tuple[float, bool]]) -> float:
    """The threshold with the best F1."""
    scores = sorted({score for score, _ in rated})
    steps = scores[:: max(1, len(scores) // 400)]
    return max(steps, key=lambda score: at_threshold(rated, score)["f1"], default=0.0)
