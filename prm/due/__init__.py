"""What must happen later, as rows: `schedule`, `cancel`, `handler`, `drain`."""

from prm.due.services import cancel, cancel_subject, drain, handler, schedule

__all__ = ["cancel", "cancel_subject", "drain", "handler", "schedule"]
