"""What facts are worth: tables of points for single facts and for pairs of facts. Pure.

The score of a name is the sum of one cell per table, so each fact's share of it is known exactly.
The tables in `data/points.json` were fitted on development halves of labelled registers (see
`docs/matching.md`); a fact that speaks for a match never counts against it by itself.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parent / "data" / "points.json"


@dataclass(frozen=True, slots=True)
class Tables:
    """Edges between the bins of each fact; points per bin, and per pair of bins.

    A value belongs to the first bin whose edge it does not exceed. Each pair counts for its first
    fact.
    """

    facts: tuple[str, ...]
    edges: tuple[tuple[float, ...], ...]
    single: tuple[tuple[float, ...], ...]
    pairs: tuple[tuple[int, int, tuple[tuple[float, ...], ...]], ...]
    start: float
    """What every name has before anything is compared."""

    def shares(self, values: Sequence[float]) -> list[float]:
        """The points of each fact, in order; with `start` they sum to the score."""
        bins = list(map(bisect_left, self.edges, values))
        shares = [points[at] for points, at in zip(self.single, bins, strict=True)]
        for one, other, cells in self.pairs:
            shares[one] += cells[bins[one]][bins[other]]
        return shares


@lru_cache(maxsize=1)
def shipped() -> tuple[Tables, Tables]:
    """The tables that the product comes with: for two names, and for one among its rivals."""
    stored = json.loads(_FILE.read_text(encoding="utf-8"))
    return build(stored["names"]), build(stored["rivals"])


def build(stored: Mapping[str, Any]) -> Tables:
    """Tables from their stored form: facts with edges and points, pairs with their cells."""
    facts = stored["facts"]
    names = tuple(fact["name"] for fact in facts)
    pairs = (
        (names.index(pair["one"]), names.index(pair["other"]), tuple(map(tuple, pair["cells"])))
        for pair in stored["pairs"]
    )
    return Tables(
        names,
        tuple(tuple(fact["edges"]) for fact in facts),
        tuple(tuple(fact["points"]) for fact in facts),
        tuple(pairs),
        stored["start"],
    )
