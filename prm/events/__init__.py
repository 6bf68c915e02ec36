"""Events: one append-only row per thing that happened, chained per tenant.

Timeline, audit trail and integrations feed are the same rows.
"""

from prm.events.codes import describe, name_codes
from prm.events.models import Event
from prm.events.sealing import Head, head, seal_pending
from prm.events.services import (
    Happened,
    NotACode,
    digest_now,
    erase,
    erase_again,
    event_recorded,
    record,
    record_all,
)
from prm.events.timeline import Line, lines, timeline

__all__ = [
    "Event",
    "Happened",
    "Head",
    "Line",
    "NotACode",
    "describe",
    "digest_now",
    "erase",
    "erase_again",
    "event_recorded",
    "head",
    "lines",
    "name_codes",
    "record",
    "record_all",
    "seal_pending",
    "timeline",
]
