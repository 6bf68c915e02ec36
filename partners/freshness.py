"""When a confirmed profile stops counting. Pure; instants are aware, days are local ones of a zone."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


def ends_at(confirmed_at: datetime, valid_days: int, zone: ZoneInfo) -> datetime:
    """Return the local midnight from which a profile confirmed then no longer counts."""
    day = confirmed_at.astimezone(zone).date() + timedelta(days=valid_days)
    return datetime.combine(day, time(0), zone)


def announcements(
    confirmed_at: datetime, valid_days: int, days_ahead: Iterable[int], zone: ZoneInfo
) -> dict[int, datetime]:
    """Return when the end is announced, by days ahead; those before the confirmation are left out."""
    end = ends_at(confirmed_at, valid_days, zone)
    times = {days: end - timedelta(days=days) for days in days_ahead}
    return {days: at for days, at in times.items() if at > confirmed_at}
