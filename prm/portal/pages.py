"""The settings pages in the order of the overview: what each is about and what is set now."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from prm import countries, money
from prm.access import Audience
from prm.portal import hours, rates
from prm.portal.models import Closure, PortalSettings, Weekday
from prm.portal.selectors import opening_hours

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class Page:
    """One settings page; the operators' own portal has only those that make sense there."""

    label: "_StrPromise"
    url_name: str
    value: Callable[[PortalSettings], Any]
    operators: bool = True


@dataclass(frozen=True, slots=True)
class Setting:
    """One line of the overview."""

    label: str
    url_name: str
    values: list[str]


def overview(portal: PortalSettings, audience: str) -> list[Setting]:
    """Return the lines that somebody of an audience sees; at most four queries."""
    shown = [page for page in PAGES if page.operators or audience == Audience.VENDOR]
    return [Setting(str(page.label), page.url_name, _listed(page.value(portal))) for page in shown]


def _listed(value: Any) -> list[str]:
    lines = value if isinstance(value, list) else [value]
    return [str(line) for line in lines if line]


def _brand(portal: PortalSettings) -> list[str]:
    logo = gettext("With a logo") if portal.logo else gettext("Without a logo")
    return [portal.name, portal.brand_colour, logo]


def _languages(portal: PortalSettings) -> str:
    names = dict(settings.LANGUAGES)
    others = [str(names.get(c, c)) for c in portal.languages if c != portal.language]
    default = gettext("%(language)s (default)") % {"language": names.get(portal.language, "")}
    return ", ".join([default, *others])


def _hours(portal: PortalSettings) -> list[str]:
    open_days = {day: spans for day, spans in opening_hours().items() if spans}
    lines = [f"{Weekday(day).label}: {hours.spell(spans)}" for day, spans in open_days.items()]
    closures = Closure.objects.count()
    if portal.holidays_country:
        country = countries.name_of(portal.holidays_country)
        lines.append(gettext("Public holidays: %(country)s") % {"country": country})
    if closures:
        lines.append(
            ngettext("%(count)d closed day", "%(count)d closed days", closures)
            % {"count": closures}
        )
    return lines or [gettext("Never open: deadlines in working time cannot run")]


def _currency(portal: PortalSettings) -> str:
    choices = money.currency_choices(get_language() or "en", (portal.currency,))
    return choices[0][1]


def _rates(portal: PortalSettings) -> list[str]:
    known = rates.currencies()
    return [
        ", ".join(known) if known else gettext("None: amounts count in their own currency only")
    ]


def _sender(portal: PortalSettings) -> list[str]:
    return [portal.sender_name or portal.name, portal.reply_to, portal.help_text]


def _security(portal: PortalSettings) -> str:
    if portal.require_staff_mfa:
        return gettext("Staff sign in with a second factor")
    return gettext("A second factor is each person's choice")


PAGES = (
    Page(_("Name, colour and logo"), "portal:brand", _brand, operators=False),
    Page(_("Languages"), "portal:languages", _languages),
    Page(_("Time zone"), "portal:zone", lambda portal: portal.zone),
    Page(_("Opening hours and holidays"), "portal:hours", _hours, operators=False),
    Page(_("Currency"), "portal:currency", _currency, operators=False),
    Page(_("Exchange rates"), "portal:rates", _rates, operators=False),
    Page(_("Mail sender and help"), "portal:sender", _sender),
    Page(_("Sign-in security"), "portal:security", _security),
)
