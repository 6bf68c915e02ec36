"""When things of a protection happen on the portal's calendar."""

from datetime import datetime, time, timedelta

from prm import portal

MORNING = time(8)
"""When a day's notices leave, in the portal's zone."""
KEPT_DRAFT_DAYS = 60
WARNED_DRAFT_DAYS = 53


def days_before(end: datetime, days: int) -> datetime:
    """Return the local opening of a day a number of days before an end: 8 in the portal's morning."""
    zone = portal.zone()
    day = end.astimezone(zone).date() - timedelta(days=days)
    return datetime.combine(day, MORNING, tzinfo=zone)
