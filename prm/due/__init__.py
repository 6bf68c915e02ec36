"""What must happen later, as rows: `schedule`, `schedule_all`, `cancel`, `handler`, `drain`."""

from prm.due.services import (
    cancel,
    cancel_kind,
    cancel_subject,
    drain,
    handler,
    schedule,
    schedule_all,
)

__all__ = [
    "cancel",
    "cancel_kind",
    "cancel_subject",
    "drain",
    "handler",
    "schedule",
    "schedule_all",
]
