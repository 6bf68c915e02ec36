"""What a tenant's administrators changed about matching: threshold, stop words, equivalences.

All of it acts when names are compared, never on what is stored: a change counts at once, for every
name, and can be tried before it is saved.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from django.db import connection

from companies.matching.normalise import normalise

MOST_OFFSET = 40
"""The threshold may be moved by so many points either way."""
STOP_SHARE = 0.15
"""A stop word of the trade keeps this share of its weight: enough to tell two names apart."""

_NEWEST = """
SELECT json_build_array(threshold_offset, stop_words, equivalences)::text
FROM companies_matchtuning ORDER BY id DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Tuning:
    """One version of a tenant's settings, in canonical words."""

    threshold_offset: int = 0
    stop_words: frozenset[str] = frozenset()
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def token(self, token: str) -> str:
        """The word that stands for this one and its equivalents."""
        group = self.groups.get(token)
        return group[0] if group else token

    def others(self, token: str) -> tuple[str, ...]:
        """Words that mean the same in this trade, without the word itself."""
        return tuple(other for other in self.groups.get(token, ()) if other != token)

    def weight(self, token: str, rarity: float) -> float:
        """What a word weighs: little if it says nothing in this trade."""
        return rarity * STOP_SHARE if token in self.stop_words else rarity


NEUTRAL = Tuning()


def build(
    threshold_offset: int = 0,
    stop_words: Iterable[str] = (),
    equivalences: Iterable[Sequence[str]] = (),
) -> Tuning:
    """Settings as typed, ready to match with; words that mean nothing are left out."""
    groups: dict[str, tuple[str, ...]] = {}
    for words in equivalences:
        members = tuple(dict.fromkeys(filter(None, map(canonical_word, words))))
        if len(members) > 1:
            groups |= dict.fromkeys(members, members)
    offset = max(-MOST_OFFSET, min(MOST_OFFSET, threshold_offset))
    return Tuning(offset, frozenset(filter(None, map(canonical_word, stop_words))), groups)


def canonical_word(typed: str) -> str:
    """The one word that was typed in the spelling under which names hold it; empty if it is none."""
    forms = normalise(typed)
    return forms[0].tokens[0] if forms and len(forms[0].tokens) == 1 else ""


def current() -> Tuning:
    """The active tenant's newest settings; neutral ones if nobody changed anything."""
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST)
        row = cursor.fetchone()
    return parse(row[0] if row else None)


@lru_cache(maxsize=256)
def parse(stored: str | None) -> Tuning:
    """Settings from a row as JSON: offset, stop words, equivalences."""
    return NEUTRAL if stored is None else build(*json.loads(stored))
