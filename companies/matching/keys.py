"""Index keys: 8-byte hashes under which a name is stored and looked up. Pure.

What is stored and what is asked differ in one pair of kinds only: a short form asks for names
with those initials, and a name asks for short forms of itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise

from companies.matching import seeds
from companies.matching.normalise import NameForm
from companies.matching.words import FILLER, UNSPELLED

WORD = "w"  # a canonical word, or neighbours glued together
COMPACT = "c"  # the whole core without spaces
INITIALS = "i"  # first letters of a long name
ACRONYM = "a"  # a name, or its first word, that may be a short form
SOUND = "s"  # consonant skeleton of a longer word
PREFIX = "p"  # three letters of the first two words
ALIAS = "x"  # member of a group of well-known aliases

MAX_KEYS = 48
LONG = 4
"""A short form of more letters is recognised without its last one, too."""
_SOUNDS = tuple(
    (re.compile(pattern), to)
    for pattern, to in (
        (r"tsch|tch|sch|sh|ch|kh|ck|ks|x|q|c", "k"),
        (r"ph|v|w", "f"),
        (r"th|dt|d", "t"),
        (r"z|ts", "s"),
        (r"j|y", "i"),
        (r"gh|g", "k"),
        (r"b", "p"),
        (r"(?<=.)[aeiouh]", ""),
        (r"(.)\1+", r"\1"),
    )
)


@dataclass(frozen=True, slots=True)
class Key:
    """One key with the text it was made of."""

    kind: str
    text: str

    @property
    def hash(self) -> int:
        """The number under which it is stored."""
        return key_hash(self.kind, self.text)


@lru_cache(maxsize=131072)
def key_hash(kind: str, text: str) -> int:
    """Signed 64-bit hash of one key, stable for ever."""
    digest = blake2b(f"{kind}:{text}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def stored_keys(form: NameForm) -> list[int]:
    """The hashes stored with a name form, without repetition."""
    keys = [*_shared(form), *(Key(INITIALS, text) for text in initials(form))]
    keys += [Key(ACRONYM, text) for text in short_forms(form)]
    return list(dict.fromkeys(key.hash for key in keys))[:MAX_KEYS]


def query_keys(form: NameForm) -> list[Key]:
    """The keys a query looks up, without repetition."""
    keys = [*_shared(form), *(Key(ACRONYM, text) for text in initials(form))]
    keys += [Key(INITIALS, text) for text in short_forms(form)]
    return list(dict.fromkeys(keys))[:MAX_KEYS]


def word_key(token: str) -> int:
    """The hash of one canonical word: its frequency is looked up under this."""
    return key_hash(WORD, token)


def compact_key(compact: str) -> int:
    """The hash of a whole compact name."""
    return key_hash(COMPACT, compact)


def initials(form: NameForm) -> tuple[str, ...]:
    """First letters of a name of two words or more: with and without small words, with the letters
    of its legal form, and without the last letter of a longer one."""
    words = form.words
    if len(words) < 2:
        return ()
    full = "".join(word[0] for word in words if word not in FILLER)
    spelled = "".join(word[0] for word in words if word not in UNSPELLED)
    found = [full, spelled, "".join(word[0] for word in words)]
    if form.legal:
        ending = "".join(word[0] for part in reversed(form.legal) for word in part.split())
        found += [full + ending[0], full + ending, spelled + ending[0]]
    if len(full) > LONG:
        found.append(full[:-1])
    return tuple(dict.fromkeys(text for text in found if 2 <= len(text) <= 8))


def short_forms(form: NameForm) -> tuple[str, ...]:
    """What in this name may stand for a longer one: IBM, P&G, AT&T, the IBM of "IBM Research"."""
    found = []
    words = [word for word in form.words if word != "and"]
    if 2 <= len(form.compact) <= 8 and all(len(word) <= 3 for word in words):
        found.append("".join(words))
    if len(words) == 1 and 2 <= len(words[0]) <= 8:
        found.append(words[0])
    if not found and len(words) > 1 and 2 <= len(words[0]) <= 6:
        found.append(words[0])
    return tuple(dict.fromkeys(text for text in found if not text.isdecimal()))


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """Consonant skeleton: equal for most transliterations of one word."""
    for pattern, to in _SOUNDS:
        word = pattern.sub(to, word)
    return word


def _shared(form: NameForm) -> Iterator[Key]:
    tokens = form.tokens
    yield Key(COMPACT, form.compact)
    for group in seeds.groups(form.compact):
        yield Key(ALIAS, group)
    for token in tokens:
        yield Key(WORD, token)
    for left, right in pairwise(tokens):
        yield Key(WORD, left + right)
    for at in range(len(tokens) - 2):
        triple = "".join(tokens[at : at + 3])
        if len(triple) <= 14:
            yield Key(WORD, triple)
    if len(tokens) > 1:
        yield Key(PREFIX, f"{tokens[0][:3]} {tokens[1][:3]}")
    for token in tokens:
        if len(token) >= 5 and len(sound(token)) >= 3:
            yield Key(SOUND, sound(token))
