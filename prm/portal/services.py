"""Every write to the portal's settings."""

from datetime import time

from django.db import transaction

from prm.portal.models import OpeningHours, PortalSettings, Weekday
from prm.portal.selectors import forget

WORKING_WEEK = (
    Weekday.MONDAY,
    Weekday.TUESDAY,
    Weekday.WEDNESDAY,
    Weekday.THURSDAY,
    Weekday.FRIDAY,
)


@transaction.atomic
def set_up_portal(
    *, name: str, language: str, currency: str, zone: str, country: str
) -> PortalSettings:
    """Write a new portal's first settings: a working week from 9 to 17 in its zone. Idempotent."""
    portal, made = PortalSettings.objects.get_or_create(
        pk=1,
        defaults={
            "name": name,
            "language": language,
            "languages": ["en", "de"],
            "currency": currency,
            "zone": zone,
            "holidays_country": country,
            "sender_name": name,
        },
    )
    if made:
        OpeningHours.objects.bulk_create(
            OpeningHours(weekday=day, opens_at=time(9), closes_at=time(17)) for day in WORKING_WEEK
        )
    forget()
    return portal
