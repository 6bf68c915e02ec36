"""Typing errors: every word that names hold, and the words that are one key away from it.

A word is stored with the hashes of itself and of what is left when one letter is dropped. Two words
that share such a hash differ by one letter added, left out, exchanged or swapped (or by one dropped
in each), whatever the number of words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from rapidfuzz.distance import OSA

from companies.matching.keys import word_key

LEAST, MOST = 4, 24
"""Shorter words have too many neighbours to say anything; longer ones are not words."""
LONG = 7
"""From so many letters on, two errors may be in one word."""
BEGINNING = 6
"""Words that begin with so many equal letters are looked at together."""
_LIMIT = 400
_KEEP = 40

_NEIGHBOURS = """
SELECT DISTINCT near.word, near.key, coalesce(counted.count, 1)
FROM (SELECT word, key FROM companies_companyword WHERE deletions && %s::int4[] LIMIT %s) AS near
LEFT JOIN companies_keycount AS counted ON counted.key = near.key
"""
_ADD = """
INSERT INTO companies_companyword (key, word, deletions)
SELECT fresh.key, fresh.word, string_to_array(fresh.deletions, ',')::int4[]
FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS fresh (key, word, deletions)
WHERE NOT EXISTS (SELECT FROM companies_companyword AS known WHERE known.key = fresh.key)
"""


@dataclass(frozen=True, slots=True)
class Near:
    """A stored word that a word may be a mistyped form of, its key, and how many names have it."""

    word: str
    key: int
    seen: int


def fits(token: str, least: int = LEAST) -> bool:
    """Whether a word is kept, or looked up, with typing errors at all."""
    return least <= len(token) <= MOST and token.isalpha()


@lru_cache(maxsize=8192)
def deletions(token: str) -> tuple[int, ...]:
    """Signed 32-bit hashes of a word, of the word with one letter dropped, and of its beginning."""
    texts = dict.fromkeys([token, *(token[:at] + token[at + 1 :] for at in range(len(token)))])
    if len(token) > BEGINNING:
        texts[token[:BEGINNING]] = None
    return tuple(
        int.from_bytes(blake2b(text.encode(), digest_size=4).digest(), "big", signed=True)
        for text in texts
    )


def rows(tokens: Iterable[str]) -> Iterator[tuple[int, str, list[int]]]:
    """The rows of the words that are kept: key, word, deletions."""
    return ((word_key(token), token, list(deletions(token))) for token in tokens if fits(token))


def remember(cursor: Any, tokens: Iterable[str]) -> None:
    """Store words that are not there yet, in the transaction of the name that has them.

    Nothing waits: two transactions that bring one word each store it, and the next count leaves one.
    """
    fresh = list(rows(sorted(set(tokens))))
    if fresh:
        keys, words, hashes = zip(*fresh, strict=True)
        texts = [",".join(map(str, some)) for some in hashes]
        cursor.execute(_ADD, [list(keys), list(words), texts])


def neighbours(cursor: Any, tokens: Sequence[str]) -> list[Near]:
    """Stored words that are one or two keys away from one of these; rare ones first."""
    asked = [token for token in tokens if fits(token, LEAST - 1)]
    hashes = [number for token in asked for number in deletions(token)]
    if not hashes:
        return []
    cursor.execute(_NEIGHBOURS, [hashes, _LIMIT])
    found = [Near(*row) for row in cursor.fetchall() if any(near(row[0], t) for t in asked)]
    return sorted(found, key=lambda one: (one.seen, one.word))[:_KEEP]


def near(one: str, other: str) -> bool:
    """Whether two different words may be one with a typing error, or one begins with the other."""
    if one == other:
        return False
    short, long = sorted((one, other), key=len)
    if len(short) >= BEGINNING and long.startswith(short):
        return True
    allowed = 1 if min(len(one), len(other)) < LONG else 2
    return OSA.distance(one, other, score_cutoff=allowed) <= allowed
