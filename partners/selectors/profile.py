"""Reads about profiles: hours, calendar, and until when a confirmation counts."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from partners import freshness
from partners.models import Partner, ProfileRule
from prm import portal
from prm.business_time import Calendar, Span, holidays_of
from prm.portal.models import Weekday
from prm.portal.selectors import opening_hours


def profile_rule() -> ProfileRule:
    """Return how long a confirmed profile counts; the defaults where nobody changed them."""
    return ProfileRule.objects.first() or ProfileRule(pk=1)


def profile_ends_at(partner: Partner, rule: ProfileRule | None = None) -> datetime | None:
    """Return the instant from which a partner's profile no longer counts; None if never confirmed."""
    if partner.profile_confirmed_at is None:
        return None
    days = (rule or profile_rule()).valid_days
    return freshness.ends_at(partner.profile_confirmed_at, days, portal.zone())


def hours_of(partner: Partner) -> dict[int, tuple[Span, ...]]:
    """Return a partner's own hours of every weekday; all empty when it has stated none."""
    week: dict[int, tuple[Span, ...]] = {day.value: () for day in Weekday}
    for span in partner.hours.all():
        week[span.weekday] += ((span.opens_at, span.closes_at),)
    return week


def zone_of(partner: Partner) -> ZoneInfo:
    """Return the zone a partner works in: its own, or the portal's."""
    return ZoneInfo(partner.zone) if partner.zone else portal.zone()


def calendar_of(partner: Partner) -> Calendar:
    """Return when a partner works: its hours, else the portal's; its zone, else the portal's.

    The holidays are those of the partner's own country.
    """
    week = hours_of(partner)
    if not any(week.values()):
        week = opening_hours()
    return Calendar(zone=zone_of(partner), hours=week, holidays=_holidays(partner.country))


def _holidays(country: str) -> frozenset[date]:
    try:
        return holidays_of(country)
    except ValueError:  # not known for every country; then every working day counts
        return frozenset()
