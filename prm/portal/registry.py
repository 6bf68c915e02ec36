"""What the portal's settings tell other packages when the app starts: navigation and event words."""

from collections.abc import Mapping
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from prm.access import Audience, Role
from prm.countries import name_of
from prm.events import labels, records
from prm.portal.models import ExchangeRate, PortalSettings, Weekday
from prm.ui import nav

SETTINGS = _("Settings")


def register() -> None:
    """Fill the registries; called when the app starts."""
    nav.register(
        nav.NavItem(
            _("Portal"),
            "portal:overview",
            "settings",
            {Audience.VENDOR, Audience.OPERATOR},
            {Role.ADMINISTRATOR, Role.OPERATOR},
            order=800,
            group=SETTINGS,
        )
    )
    _name_events()
    records.register("prm.portalsettings", _("Portal settings"), find_by_uid)
    records.register("prm.exchangerate", _("Exchange rate"), find_rates)


def _name_events() -> None:
    for code, text in {
        "portal.brand_changed": _("Name or colour changed"),
        "portal.logo_changed": _("Logo changed"),
        "portal.logo_removed": _("Logo removed"),
        "portal.languages_changed": _("Languages changed"),
        "portal.zone_changed": _("Time zone changed"),
        "portal.currency_changed": _("Currency changed"),
        "portal.holidays_changed": _("Public holidays changed"),
        "portal.sender_changed": _("Mail sender changed"),
        "portal.security_changed": _("Sign-in security changed"),
        "portal.hours_changed": _("Opening hours changed"),
        "portal.closure_added": _("Closed day added"),
        "portal.closure_removed": _("Closed day removed"),
        "portal.rate_added": _("Exchange rate entered"),
    }.items():
        labels.register(code, text, icon="settings")
    labels.register_fields(
        {
            "brand_colour": _("Brand colour"),
            "currency": _("Currency"),
            "home_currency": _("Currency of the portal"),
            "rate": _("Exchange rate"),
            "day": _("Day"),
            "help_text": _("Help line"),
            "holidays_country": _("Public holidays of"),
            "language": _("Default language"),
            "languages": _("Languages"),
            "name": _("Name"),
            "reply_to": _("Reply address"),
            "require_staff_mfa": _("Second factor required"),
            "sender_name": _("Sender name"),
            "zone": _("Time zone"),
            **{f"hours_{day.value}": day.label for day in Weekday},
        }
    )
    labels.register_values("holidays_country", name_of)


def find_by_uid(uids: set[UUID]) -> Mapping[UUID, records.Record]:
    """Return the one row of settings, linked to its overview."""
    record = records.Record(str(_("Portal settings")), reverse("portal:overview"))
    found = PortalSettings.objects.filter(uid__in=uids).values_list("uid", flat=True)
    return dict.fromkeys(found, record)


def find_rates(uids: set[UUID]) -> Mapping[UUID, records.Record]:
    """Return rates as "1 EUR = 1.08 USD", linked to all of them."""
    url = reverse("portal:rates")
    return {
        rate.uid: records.Record(str(rate), url)
        for rate in ExchangeRate.objects.filter(uid__in=uids)
    }
