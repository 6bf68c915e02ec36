"""Advisory locks: keyed by tenant, always sorted, never waited for longer than three seconds."""

import hashlib
from collections.abc import Iterable

from django.db import OperationalError, connection

from prm.tenancy import context

LOCK_TIMEOUT_MS = 3_000


class Busy(Exception):
    """Somebody else holds a lock that this transaction needs; trying again will help."""


def hold(*keys: str) -> None:
    """Take the keys' transaction locks in sorted order; raise Busy after three seconds.

    Advisory locks are per database, so every key is bound to the active tenant. Needs a transaction.
    """
    numbers = sorted({_number(key) for key in keys})
    if not numbers:
        return
    assert connection.in_atomic_block
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS}")
        try:
            cursor.execute(_TAKE, [numbers])
        except OperationalError as error:
            raise Busy from error


_TAKE = "SELECT pg_advisory_xact_lock(key) FROM unnest(%s::bigint[]) WITH ORDINALITY AS k (key, at)"
"""Locks in the order of the array: one function scan, read from its first row to its last."""


def row_timeout() -> None:
    """Bound the wait for row locks in this transaction to the same three seconds."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS}")


def _number(key: str) -> int:
    digest = hashlib.blake2b(f"{context.schema()}\x00{key}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def numbers(keys: Iterable[str]) -> list[int]:
    """Return the lock numbers of keys, sorted; for tests and diagnosis."""
    return sorted({_number(key) for key in keys})
