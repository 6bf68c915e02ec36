"""The kinds of receipts, and the one comparison that says whether one is genuine."""

import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from prm.reference import normalise_reference

NOTHING = "0" * 64


@dataclass(frozen=True, slots=True)
class Genuine:
    """What anybody who holds a receipt may read of it: a sentence, and (label, value) facts."""

    sentence: str
    facts: Sequence[tuple[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a receipt: the digest it was given, and how to tell of it."""

    digest: str
    tell: Callable[[], Genuine]


Finder = Callable[[str], Kept | None]
_finders: dict[str, Finder] = {}


def register(prefix: str, finder: Finder) -> None:
    """Let `finder(reference)` look up receipts whose reference starts with these letters."""
    _finders[prefix] = finder


def verify(reference: str, digest: str) -> Genuine | None:
    """Return what a receipt says when reference and digest are those of one, else None.

    The digests are compared in constant time, also when there is no such reference.
    """
    try:
        wanted = normalise_reference(reference)
    except ValueError:
        wanted = ""
    finder = _finders.get(wanted.partition("-")[0])
    kept = finder(wanted) if finder else None
    typed = "".join(digest.split()).lower().encode("utf-8", "replace")
    same = hmac.compare_digest(typed, (kept.digest if kept else NOTHING).encode())
    return kept.tell() if kept is not None and same else None
