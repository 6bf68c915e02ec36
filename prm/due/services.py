"""Schedule due rows and drain them: idempotent, in due order, safe beside other drainers."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

import structlog
from django.db import connection, transaction

from prm import clock
from prm.due.models import DueRow

log = structlog.get_logger(__name__)

Handler = Callable[[DueRow], datetime | None]
_handlers: dict[str, Handler] = {}

MAX_ATTEMPTS = 5
BACK_OFF = (1, 5, 30, 120)  # minutes after the first four failures


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register the function that does what rows of a kind ask for.

    It runs in a transaction with the row locked and returns None when done, or when to run again.
    """

    def register(function: Handler) -> Handler:
        _handlers[kind] = function
        return function

    return register


def schedule(
    kind: str, key: str, at: datetime, *, subject: str = "", data: Mapping[str, Any] | None = None
) -> None:
    """Ask for something at an instant; asking again for the same kind and key moves it."""
    schedule_all([DueRow(kind=kind, key=key, due_at=at, subject=subject, data=dict(data or {}))])


def schedule_all(rows: Iterable[DueRow]) -> None:
    """Ask for several things in one statement; no two of them may have the same kind and key."""
    DueRow.objects.bulk_create(
        list(rows),
        update_conflicts=True,
        unique_fields=["kind", "key"],
        update_fields=["due_at", "data", "subject"],
    )


def cancel(kind: str, key: str) -> None:
    """Take back what was asked for; nothing happens if it is not there."""
    DueRow.objects.filter(kind=kind, key=key).delete()


def cancel_subject(subject: str) -> None:
    """Take back everything that was asked for about one record; one statement.

    A row that is being run now is left to its handler, which asks again what is the case: waiting for
    it here would deadlock with a handler that waits for a lock of ours.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CANCEL, [subject])


_CANCEL = """
DELETE FROM prm_due_row WHERE id IN
(SELECT id FROM prm_due_row WHERE subject = %s FOR UPDATE SKIP LOCKED)
"""


def cancel_kind(kind: str) -> None:
    """Take back everything that was asked for of a kind."""
    DueRow.objects.filter(kind=kind).delete()


def drain(limit: int = 1_000, seconds: float = float("inf")) -> int:
    """Run what is due in the active tenant, oldest first; return how many rows ran.

    Each row has its own transaction. A row that fails is tried again later and parked after five
    failures; it never stops the rest. After so many real seconds no further row begins: what works
    in many short steps must not hold a worker beyond its time limit.
    """
    ran, began = 0, monotonic()
    while ran < limit and monotonic() - began < seconds and _run_next():
        ran += 1
    return ran


def _run_next() -> bool:
    failed: tuple[DueRow, Exception] | None = None
    try:
        with transaction.atomic():
            row = _next()
            if row is None:
                return False
            try:
                with transaction.atomic():
                    again = _handlers[row.kind](row)
            except Exception as error:
                failed = (row, error)
                raise
            _settle(row, again)
    except Exception:
        if failed is None:
            raise
        _note_failure(*failed)
    return True


def _next() -> DueRow | None:
    return (
        DueRow.objects.select_for_update(skip_locked=True)
        .filter(due_at__lte=clock.now(), parked_at=None)
        .order_by("due_at", "id")
        .first()
    )


def _settle(row: DueRow, again: datetime | None) -> None:
    """Delete the row, or move it; a handler may have rescheduled or cancelled it itself."""
    if again is None:
        done = DueRow.objects.filter(pk=row.pk, due_at=row.due_at)
        done._raw_delete(done.db)
    else:
        DueRow.objects.filter(pk=row.pk).update(due_at=again, attempts=0, last_error="")


@transaction.atomic
def _note_failure(row: DueRow, error: Exception) -> None:
    """Move a failed row into the future, or park it after its fifth failure."""
    attempts = row.attempts + 1
    parked = attempts >= MAX_ATTEMPTS
    wait = timedelta(minutes=BACK_OFF[min(attempts, len(BACK_OFF)) - 1])
    DueRow.objects.filter(pk=row.pk, due_at=row.due_at).update(
        attempts=attempts,
        due_at=row.due_at if parked else clock.now() + wait,
        parked_at=clock.now() if parked else None,
        last_error=f"{type(error).__name__}: {error}"[:2_000],
    )
    log.error("due row failed", kind=row.kind, key=row.key, attempts=attempts, exc_info=error)
