"""The active portal's settings and business calendar, read once per request, task or transaction."""

from typing import Any
from zoneinfo import ZoneInfo

from prm.business_time import Calendar, Span, holidays_of
from prm.portal.models import Closure, OpeningHours, PortalSettings, Weekday
from prm.tenancy import context
from prm.tenancy.database import connection


def current() -> PortalSettings:
    """Return the active tenant's settings; raises NoTenant in public."""
    schema = context.schema()
    tenant: Any = connection.tenant
    cached = getattr(tenant, "_portal", None)
    if cached is not None and cached[0] == schema:
        return cached[1]  # type: ignore[no-any-return]
    portal = PortalSettings.objects.get(pk=1)
    tenant._portal = (schema, portal)
    return portal


def forget() -> None:
    """Drop the cached settings, calendar and exchange rates after a change."""
    for name in ("_portal", "_calendar", "_rates"):
        if hasattr(connection.tenant, name):
            delattr(connection.tenant, name)


def zone() -> ZoneInfo:
    """Return the active portal's time zone."""
    return current().tzinfo


def opening_hours() -> dict[int, tuple[Span, ...]]:
    """Return the opening hours of every weekday, also of closed ones; one query."""
    week: dict[int, tuple[Span, ...]] = {day.value: () for day in Weekday}
    for span in OpeningHours.objects.all():
        week[span.weekday] += ((span.opens_at, span.closes_at),)
    return week


def calendar() -> Calendar:
    """Return the vendor's business calendar: opening hours, national holidays, own closures."""
    portal, tenant = current(), connection.tenant
    cached: tuple[PortalSettings, Calendar] | None = getattr(tenant, "_calendar", None)
    if cached is None or cached[0] is not portal:
        cached = (portal, _calendar(portal))
        tenant._calendar = cached
    return cached[1]


def _calendar(portal: PortalSettings) -> Calendar:
    closed = set(Closure.objects.values_list("day", flat=True))
    if portal.holidays_country:
        closed |= holidays_of(portal.holidays_country)
    return Calendar(zone=portal.tzinfo, hours=opening_hours(), holidays=frozenset(closed))
