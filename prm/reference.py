"""References that people read out on the telephone: random, never serial.

The alphabet is Crockford's base 32: no I, L, O or U, so nothing can be mistaken for a digit and no
word appears by accident. Eight characters are 40 random bits; columns that hold a reference are
unique, so the rare collision is refused by the database and never overwrites.
"""

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BODY_LENGTH = 8
_PREFIX = re.compile(r"[A-Z]{1,4}")
_LOOKALIKES = str.maketrans({"I": "1", "L": "1", "O": "0"})
_SEPARATORS = re.compile(r"[\s\-_./\u2010-\u2015\u2212]+")


def new_reference(prefix: str) -> str:
    """Return a fresh random reference such as ``D-7KQ4-M9TX``; ValueError for a bad prefix."""
    if not _PREFIX.fullmatch(prefix):
        raise ValueError("A reference prefix is one to four capital letters.")
    return _spell(prefix, "".join(secrets.choice(ALPHABET) for _ in range(BODY_LENGTH)))


def normalise_reference(typed: str) -> str:
    """Return the one spelling of a reference that somebody typed.

    Case, spaces and dashes do not matter; I and L are read as 1, O as 0.
    Raises ValueError when the text cannot be a reference.
    """
    packed = _SEPARATORS.sub("", typed).upper()
    prefix, body = packed[:-BODY_LENGTH], packed[-BODY_LENGTH:].translate(_LOOKALIKES)
    if not _PREFIX.fullmatch(prefix) or any(letter not in ALPHABET for letter in body):
        raise ValueError("This is not a reference.")
    return _spell(prefix, body)


def _spell(prefix: str, body: str) -> str:
    return f"{prefix}-{body[:4]}-{body[4:]}"
