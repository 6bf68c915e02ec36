"""What due rows of this room's jobs ask for: lists that are loaded, the search for duplicates."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from companies.services import loads, scanning
from prm import clock, due, locks
from prm.due.models import DueRow

BUSY_WAIT = timedelta(seconds=2)


def register() -> None:
    """Register the handlers; called when the app starts."""
    due.handler(loads.KIND)(work_on_list)
    due.handler(loads.CLEAN)(clean_list)
    due.handler(scanning.KIND)(look_for_duplicates)


def work_on_list(row: DueRow) -> datetime | None:
    """Do a list's next batch; while others hold what it needs, come back in a moment."""
    try:
        with transaction.atomic():
            return loads.work(row.key)
    except locks.Busy:
        return clock.now() + BUSY_WAIT


def clean_list(row: DueRow) -> datetime | None:
    """Forget a list whose time is over."""
    return loads.clean(row.key)


def look_for_duplicates(row: DueRow) -> datetime | None:
    """Look at the next companies."""
    return scanning.scan_batch(row.key)
