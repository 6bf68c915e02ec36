"""Typing errors: every word that names hold, and the words that are one key away from it.

A word is stored with the hashes of itself and of what is left when one letter is dropped. Two words
that share such a hash differ by one letter added, left out, exchanged or swapped (or by one dropped
in each), whatever the number of words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import blake2b
from typing import Any

LEAST, MOST = 4, 24
"""Shorter words have too many neighbours to say anything; longer ones are not words."""
_LIMIT = 400

_NEIGHBOURS = """
SELECT word FROM companies_companyword WHERE deletions && %s::int4[] LIMIT %s
"""
_ADD = """
INSERT INTO companies_companyword (word, deletions)
SELECT fresh.word, string_to_array(fresh.deletions, ',')::int4[]
FROM unnest(%s::text[], %s::text[]) AS fresh (word, deletions)
WHERE NOT EXISTS (SELECT FROM companies_companyword AS known WHERE known.word = fresh.word)
"""


def fits(token: str) -> bool:
    """Whether a word is looked up with typing errors at all."""
    return LEAST <= len(token) <= MOST and token.isalpha()


@lru_cache(maxsize=8192)
def deletions(token: str) -> tuple[int, ...]:
    """Signed 32-bit hashes of a word and of the word with one letter dropped."""
    texts = dict.fromkeys([token, *(token[:at] + token[at + 1 :] for at in range(len(token)))])
    return tuple(
        int.from_bytes(blake2b(text.encode(), digest_size=4).digest(), "big", signed=True)
        for text in texts
    )


def rows(tokens: Iterable[str]) -> Iterator[tuple[str, list[int]]]:
    """The rows of the words that are kept."""
    return ((token, list(deletions(token))) for token in tokens if fits(token))


def remember(cursor: Any, tokens: Iterable[str]) -> None:
    """Store words that are not there yet, in the transaction of the name that has them.

    Nothing waits: two transactions that bring one word each store it, and the next count leaves one.
    """
    fresh = list(rows(sorted(set(tokens))))
    if fresh:
        texts = [",".join(map(str, hashes)) for _, hashes in fresh]
        cursor.execute(_ADD, [[word for word, _ in fresh], texts])


def neighbours(cursor: Any, tokens: Iterable[str]) -> list[str]:
    """Stored words that share a deletion with one of these; some are further than one key away."""
    hashes = [number for token in tokens if fits(token) for number in deletions(token)]
    if not hashes:
        return []
    cursor.execute(_NEIGHBOURS, [hashes, _LIMIT])
    return list(dict.fromkeys(row[0] for row in cursor.fetchall()))
