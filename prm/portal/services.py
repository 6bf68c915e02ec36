"""Every write to the portal's settings. Each change locks the one row and records one event."""

import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from prm import clock, events, money, uploads
from prm.access import Actor, require
from prm.business_time import Span, holiday_countries
from prm.events import changes
from prm.portal import hours, logo, zones
from prm.portal.models import Closure, ExchangeRate, OpeningHours, PortalSettings, Weekday
from prm.portal.policies import can_change_portal
from prm.portal.selectors import forget, opening_hours
from prm.ui import brand

WORKING_WEEK = (
    Weekday.MONDAY,
    Weekday.TUESDAY,
    Weekday.WEDNESDAY,
    Weekday.THURSDAY,
    Weekday.FRIDAY,
)


class SettingRefused(ValueError):
    """A value that the portal cannot work with: an unknown zone, currency, country or language."""


class RateRefused(ValueError):
    """A rate that cannot be: not above zero, to the currency itself, or for a time that is over."""


class DayClosedAlready(Exception):
    """A closure stands on that day already."""


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
            OpeningHours(weekday=day, opens_at=datetime.time(9), closes_at=datetime.time(17))
            for day in WORKING_WEEK
        )
    forget()
    return portal


@transaction.atomic
def change_brand(*, name: str, colour: str, actor: Actor) -> PortalSettings:
    """Change the portal's name and colour. Raises PermissionDenied, SettingRefused."""
    try:
        colour = brand.parse(colour)
    except brand.ColourInvalid as error:
        raise SettingRefused(colour) from error
    if not name.strip():
        raise SettingRefused(name)
    return _change(
        "portal.brand_changed",
        codes={"brand_colour": colour},
        texts={"name": name.strip()},
        actor=actor,
    )


@transaction.atomic
def change_languages(*, languages: Iterable[str], language: str, actor: Actor) -> PortalSettings:
    """Change which languages the portal offers and the one it falls back to.

    Raises PermissionDenied; SettingRefused unless all are known and the fall-back is one of them.
    """
    known = [code for code, _name in settings.LANGUAGES]
    wanted = set(languages)
    if not wanted <= set(known) or language not in wanted:
        raise SettingRefused(language)
    return _change(
        "portal.languages_changed",
        codes={"languages": [code for code in known if code in wanted], "language": language},
        actor=actor,
    )


@transaction.atomic
def change_zone(*, zone: str, actor: Actor) -> PortalSettings:
    """Change the portal's time zone; days end and doors open by it from now on.

    Raises PermissionDenied, SettingRefused.
    """
    if zone not in zones.names():
        raise SettingRefused(zone)
    return _change("portal.zone_changed", codes={"zone": zone}, actor=actor)


@transaction.atomic
def change_currency(*, currency: str, actor: Actor) -> PortalSettings:
    """Change the currency that new amounts start with; existing amounts keep theirs.

    Raises PermissionDenied, SettingRefused.
    """
    if currency not in money.CURRENCIES:
        raise SettingRefused(currency)
    return _change("portal.currency_changed", codes={"currency": currency}, actor=actor)


@transaction.atomic
def change_holidays(*, country: str, actor: Actor) -> PortalSettings:
    """Change whose public holidays count; "" means none. Raises PermissionDenied, SettingRefused."""
    if country and country not in holiday_countries():
        raise SettingRefused(country)
    return _change("portal.holidays_changed", codes={"holidays_country": country}, actor=actor)


@transaction.atomic
def change_sender(
    *, sender_name: str, reply_to: str, help_text: str, actor: Actor
) -> PortalSettings:
    """Change who mails come from, where answers go, and the line of help below them.

    Raises PermissionDenied, SettingRefused.
    """
    if any(mark in sender_name for mark in "\r\n") or any(mark in reply_to for mark in "\r\n"):
        raise SettingRefused(sender_name)
    texts = {"sender_name": sender_name, "reply_to": reply_to.lower(), "help_text": help_text}
    return _change("portal.sender_changed", texts=texts, actor=actor)


@transaction.atomic
def change_security(*, require_staff_mfa: bool, actor: Actor) -> PortalSettings:
    """Require a second factor from the vendor's staff, or stop requiring it.

    Raises PermissionDenied.
    """
    return _change(
        "portal.security_changed", codes={"require_staff_mfa": require_staff_mfa}, actor=actor
    )


@transaction.atomic
def change_logo(*, upload: "UploadedFile[Any]", actor: Actor) -> PortalSettings:
    """Make an uploaded image the portal's logo; the file before it is removed after the commit.

    Raises PermissionDenied, `prm.uploads.UploadRefused`.
    """
    require(can_change_portal(actor))
    return _replace_logo("portal.logo_changed", logo.keep(upload), actor)


@transaction.atomic
def remove_logo(*, actor: Actor) -> PortalSettings:
    """Go back to the portal's initial in place of a logo. Raises PermissionDenied."""
    return _replace_logo("portal.logo_removed", "", actor)


@transaction.atomic
def change_hours(
    *, week: Mapping[int, Iterable[tuple[datetime.time, datetime.time]]], actor: Actor
) -> PortalSettings:
    """Replace the opening hours of the week; a day that is missing is closed.

    Raises PermissionDenied, `hours.HoursInvalid`.
    """
    portal = _locked(actor)
    old = opening_hours()
    new = {day.value: hours.checked(week.get(day.value, ())) for day in Weekday}
    changed = changes.between(_spelt(old), _spelt(new))
    if not changed:
        return portal
    OpeningHours.objects.all().delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(weekday=day, opens_at=opens, closes_at=closes)
        for day, spans in new.items()
        for opens, closes in spans
    )
    forget()
    events.record("portal.hours_changed", target=portal, actor=actor, data=changes.payload(changed))
    return portal


@transaction.atomic
def add_closure(*, day: datetime.date, name: str, actor: Actor) -> Closure:
    """Close the portal's office on a day. Raises PermissionDenied, DayClosedAlready."""
    portal = _locked(actor)
    if Closure.objects.filter(day=day).exists():
        raise DayClosedAlready
    closure = Closure.objects.create(day=day, name=name)
    forget()
    events.record(
        "portal.closure_added",
        target=portal,
        actor=actor,
        data={"day": day.isoformat()},
        private={"name": name},
    )
    return closure


@transaction.atomic
def remove_closure(closure: Closure, *, actor: Actor) -> None:
    """Open the office again on a day. Raises PermissionDenied."""
    portal = _locked(actor)
    events.record(
        "portal.closure_removed",
        target=portal,
        actor=actor,
        data={"day": closure.day.isoformat()},
        private={"name": closure.name},
    )
    closure.delete()
    forget()


@transaction.atomic
def add_rate(
    *, currency: str, rate: Decimal, actor: Actor, effective_at: datetime.datetime | None = None
) -> ExchangeRate:
    """Enter what one unit of a currency is worth in the portal's, from an instant on (default: now).

    Records portal.rate_added. Raises PermissionDenied, RateRefused.
    """
    home, now = _locked(actor).currency, clock.now()
    since = effective_at or now
    if currency not in money.CURRENCIES or currency == home or rate <= 0 or since < now:
        raise RateRefused(currency)
    added = ExchangeRate.objects.create(
        currency=currency,
        home=home,
        rate=rate,
        effective_at=since,
        entered_at=now,
        author_uid=actor.uid,
    )
    forget()
    data = {"currency": currency, "home_currency": home, "rate": str(rate)}
    events.record("portal.rate_added", target=added, actor=actor, data=data)
    return added


def _locked(actor: Actor) -> PortalSettings:
    """Check the right and re-read the row FOR UPDATE."""
    require(can_change_portal(actor))
    return PortalSettings.objects.select_for_update().get(pk=1)


def _replace_logo(code: str, name: str, actor: Actor) -> PortalSettings:
    before = _locked(actor).logo
    portal = _change(code, codes={"logo": name}, actor=actor)
    if before and before != name:
        transaction.on_commit(lambda: uploads.remove(before))
    return portal


def _change(
    code: str,
    *,
    actor: Actor,
    codes: Mapping[str, Any] | None = None,
    texts: Mapping[str, Any] | None = None,
) -> PortalSettings:
    """Write what differs and record it: codes in the chained part, texts in the erasable one."""
    portal = _locked(actor)
    codes, texts = codes or {}, texts or {}
    old = {name: getattr(portal, name) for name in (*codes, *texts)}
    values = {name: value for name, value in {**codes, **texts}.items() if old[name] != value}
    if not values:
        return portal
    for name, value in values.items():
        setattr(portal, name, value)
    _refuse_unfit(portal, values)
    portal.change(**values)
    forget()
    events.record(
        code,
        target=portal,
        actor=actor,
        data=changes.payload(changes.between(old, codes)),
        private=changes.payload(changes.between(old, texts)),
    )
    return portal


def _refuse_unfit(portal: PortalSettings, values: Iterable[str]) -> None:
    others = {field.name for field in portal._meta.fields} - set(values)
    try:
        portal.clean_fields(exclude=others)
    except ValidationError as error:
        raise SettingRefused("; ".join(error.messages)) from error


def _spelt(week: Mapping[int, Iterable[Span]]) -> dict[str, str]:
    return {f"hours_{day}": hours.spell(spans).replace(" ", "") for day, spans in week.items()}
