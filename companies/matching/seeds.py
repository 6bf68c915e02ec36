"""Well-known short forms that no string method can find: "IBM" is International Business Machines.

Each group of `data/aliases.csv` holds spellings of one organisation; origin of the rows in
`data/NOTICE.md`. A tenant's own aliases are rows in its database and need no entry here.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from functools import lru_cache
from pathlib import Path

from companies.matching.normalise import compact_of

_FILE = Path(__file__).parent / "data" / "aliases.csv"


def groups(compact: str) -> tuple[str, ...]:
    """The alias groups a compact name belongs to."""
    return _by_compact().get(compact, ())


@lru_cache(maxsize=1)
def _by_compact() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    with _FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            compact = compact_of(row["name"])
            if compact and row["group"] not in found[compact]:
                found[compact].append(row["group"])
    return {compact: tuple(names) for compact, names in found.items()}
