"""What due rows of this room's jobs ask for: files of running registrations, and a look at each of them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from prm import clock, due, locks
from prm.due.models import DueRow
from registrations.services import importing
from registrations.services.import_writing import LOOK

BUSY_WAIT = timedelta(seconds=2)


def register() -> None:
    """Register the handlers; called when the app starts."""
    due.handler(importing.KIND)(work_on_import)
    due.handler(importing.CLEAN)(clean_import)
    due.handler(LOOK)(look_for_rivals)


def work_on_import(row: DueRow) -> datetime | None:
    """Do an import's next batch; while others hold what it needs, come back in a moment."""
    try:
        with transaction.atomic():
            return importing.work(row.key)
    except locks.Busy:
        return clock.now() + BUSY_WAIT


def clean_import(row: DueRow) -> datetime | None:
    """Forget a file whose time is over."""
    return importing.clean(row.key)


def look_for_rivals(row: DueRow) -> datetime | None:
    """See whom an imported registration collides with."""
    importing.look(row.key)
    return None
