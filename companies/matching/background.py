"""How common words are in company names at large, so that rarity means something in a tenant
with fifty names. Counts were taken from open registers; see `data/NOTICE.md`.
"""

from __future__ import annotations

from functools import lru_cache
from math import log
from pathlib import Path

_FILE = Path(__file__).parent / "data" / "words.tsv"
WEIGHT = 3000
"""The background counts as much as this many names of the tenant's own."""
_UNSEEN = 0.5


def share(token: str) -> float:
    """Share of names at large that have this word; small but never zero for unseen words."""
    total, counts = _load()
    return counts.get(token, _UNSEEN) / total


def rarity(token: str, seen: int, names: int) -> float:
    """Natural log of how rare a word is: background and the tenant's own counts blended."""
    expected = seen + WEIGHT * share(token)
    return log((names + WEIGHT) / max(expected, 0.25))


@lru_cache(maxsize=1)
def _load() -> tuple[int, dict[str, int]]:
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    total = int(lines[0].split("\t")[1])
    pairs = (line.split("\t") for line in lines[1:])
    return total, {token: int(count) for token, count in pairs}
