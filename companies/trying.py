"""How settings of matching do on what people of this tenant have decided. Pure arithmetic over scores."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reviewed:
    """Two names that a person called the same customer, or different ones."""

    one: str
    other: str
    same: bool


@dataclass(frozen=True, slots=True)
class Scored:
    """A reviewed pair with its score under some settings."""

    pair: Reviewed
    score: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What settings would have done: shares in whole percent, None where there is nothing to share."""

    pairs: int
    same: int
    precision: int | None
    recall: int | None
    flags: float | None
    missed: tuple[Scored, ...] = ()
    wrong: tuple[Scored, ...] = ()


SAMPLES = 5


def judge(scored: Sequence[Scored], least: float, flags: Iterable[int]) -> Outcome:
    """Return precision and recall of "shown" over reviewed pairs, and the flags per registration.

    Precision: of the pairs shown, how many were the same customer. Recall: of the same, how many were
    shown. The samples are the nearest misses and the worst false alarms.
    """
    same = [one for one in scored if one.pair.same]
    shown = [one for one in scored if one.score >= least]
    right = [one for one in shown if one.pair.same]
    counted = list(flags)
    missed = sorted((one for one in same if one.score < least), key=lambda one: -one.score)
    wrong = sorted((one for one in shown if not one.pair.same), key=lambda one: -one.score)
    return Outcome(
        pairs=len(scored),
        same=len(same),
        precision=_percent(len(right), len(shown)),
        recall=_percent(len(right), len(same)),
        flags=round(sum(counted) / len(counted), 1) if counted else None,
        missed=tuple(missed[:SAMPLES]),
        wrong=tuple(wrong[:SAMPLES]),
    )


def _percent(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole else None
