"""Cleaning of the settings forms; what is saved is decided by `prm.portal.services`."""

from datetime import datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from babel.numbers import get_decimal_symbol
from django import forms
from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from prm import clock, countries, money
from prm.business_time import Span, holiday_countries
from prm.portal import hours, selectors, zones
from prm.portal.models import PortalSettings, Weekday
from prm.ui import brand
from prm.ui.dates import active


class BrandForm(forms.Form):
    """Name and colour."""

    name = forms.CharField(
        label=_("Portal name"), max_length=80, help_text=_("Shown on every page and in mails.")
    )
    colour = forms.CharField(
        label=_("Brand colour"),
        max_length=7,
        widget=forms.TextInput(attrs={"type": "color", "class": "form-control"}),
        help_text=_("Made lighter or darker where text would be hard to read."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["colour"].widget.attrs |= {  # the preview follows the picker
            "hx-get": reverse("portal:brand-preview"),
            "hx-trigger": "input changed delay:150ms",
            "hx-target": "#colour-preview",
            "hx-swap": "outerHTML",
        }

    def clean_colour(self) -> str:
        """Return the colour in lower case; refuse anything but #rrggbb."""
        try:
            return brand.parse(self.cleaned_data["colour"])
        except brand.ColourInvalid as error:
            raise forms.ValidationError(_("Enter a colour like #1b57b8.")) from error


class LogoForm(forms.Form):
    """One image; its content is checked again, and re-encoded, by `prm.uploads`."""

    logo = forms.FileField(
        label=_("Logo"),
        help_text=_("PNG or JPEG, up to 1 MB. It is shown 32 pixels high."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
    )


class LanguagesForm(forms.Form):
    """Which languages, and which one when nothing else is known."""

    languages = forms.MultipleChoiceField(
        label=_("Languages people can choose"),
        choices=settings.LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one language.")},
    )
    language = forms.ChoiceField(
        label=_("Default language"),
        choices=settings.LANGUAGES,
        help_text=_("For mails and pages of people who have not chosen one."),
    )

    def clean(self) -> dict[str, Any]:
        """The default has to be one of the languages offered."""
        cleaned = super().clean() or {}
        if cleaned.get("languages") and cleaned.get("language") not in cleaned["languages"]:
            self.add_error("language", _("Choose one of the languages that you offer."))
        return cleaned


class ZoneForm(forms.Form):
    """The portal's time zone."""

    zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=zones.choices,
        help_text=_("Days end and opening hours count in this zone."),
    )


class CurrencyForm(forms.Form):
    """The currency that amounts start with."""

    currency = forms.ChoiceField(
        label=_("Currency"),
        choices=lambda: money.currency_choices(get_language() or "en"),
        help_text=_("Preselected for new deals. Amounts that exist keep their currency."),
    )


class SenderForm(forms.Form):
    """Who mails come from and where answers go."""

    sender_name = forms.CharField(
        label=_("Sender name"), max_length=80, help_text=_("Shown as the sender of mails.")
    )
    reply_to = forms.EmailField(
        label=_("Reply address"),
        required=False,
        help_text=_("Answers go here when no channel manager is named."),
    )
    help_text = forms.CharField(
        label=_("Help line"),
        required=False,
        max_length=300,
        help_text=_("At the end of mails and on the help page, for example a telephone number."),
    )

    def clean_sender_name(self) -> str:
        """Refuse what would break a mail's header."""
        name = str(self.cleaned_data["sender_name"])
        if any(ord(mark) < 32 for mark in name):
            raise forms.ValidationError(_("Use one line of text."))
        return name


class SecurityForm(forms.Form):
    """Whether staff need a second factor."""

    require_staff_mfa = forms.BooleanField(
        label=_("Staff sign in with a second factor"),
        required=False,
        help_text=_("Who has none yet sets one up at the next sign-in."),
    )


class HoursField(forms.CharField):
    """The spans of one day; empty means closed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=120, **kwargs)
        self.widget.attrs.update({"autocomplete": "off", "class": "form-control input-m"})

    def to_python(self, value: Any) -> tuple[Span, ...]:  # type: ignore[override]
        """Return the day's spans."""
        try:
            return hours.parse(super().to_python(value) or "")
        except hours.HoursInvalid as error:
            raise forms.ValidationError(str(error)) from error

    def validate(self, value: Any) -> None:
        """No spans are an answer too: closed."""

    def run_validators(self, value: Any) -> None:
        """Spans are checked when they are read."""


class HoursForm(forms.Form):
    """A week: one line a day."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for day in Weekday:
            self.fields[f"day_{day.value}"] = HoursField(label=day.label)

    @staticmethod
    def initial_of(week: dict[int, tuple[Span, ...]]) -> dict[str, str]:
        """Return what the form shows of the stored hours."""
        return {f"day_{day}": hours.spell(spans) for day, spans in week.items()}

    @property
    def week(self) -> dict[int, tuple[Span, ...]]:
        """The cleaned week."""
        return {day.value: self.cleaned_data[f"day_{day.value}"] for day in Weekday}


class HolidaysForm(forms.Form):
    """Whose public holidays count."""

    country = forms.ChoiceField(
        label=_("Public holidays of"),
        required=False,
        choices=lambda: [("", _("No country")), *_holiday_choices()],
        help_text=_("Deadlines in working time skip these days."),
    )


class ClosureForm(forms.Form):
    """A day on which the office stays closed."""

    day = forms.DateField(
        label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    name = forms.CharField(label=_("Reason"), max_length=80)


class RateForm(forms.Form):
    """What one unit of another currency is worth in the portal's."""

    currency = forms.ChoiceField(
        label=_("Currency"),
        choices=lambda: _foreign_choices(),
        error_messages={"required": _("Choose a currency.")},
    )
    rate = forms.CharField(
        label=_("Worth of one unit"),
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "form-control input-m"}),
        error_messages={"required": _("Enter a rate.")},
    )
    effective_on = forms.DateField(
        label=_("Counts from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty: from now on. What was converted before stays as it is."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        home = selectors.current().currency
        self.fields["rate"].help_text = _(
            "In %(currency)s: how much one unit is worth, for example 1.0825."
        ) % {"currency": home}

    def clean_rate(self) -> Decimal:
        """A number above zero with at most ten decimal places, with the decimal mark of the language.

        Thousands are not grouped: "1,082" in English could be meant either way, so it is refused.
        """
        text = str(self.cleaned_data["rate"]).replace(" ", "")
        mark = get_decimal_symbol(active())
        try:
            rate = Decimal(text.replace(mark, "."))
        except InvalidOperation as error:
            raise forms.ValidationError(_("Enter a number, for example 1.0825.")) from error
        if not rate.is_finite() or not Decimal("0.0000000001") <= rate < Decimal("10000000000"):
            raise forms.ValidationError(_("Enter a number above zero."))
        if rate != rate.quantize(Decimal("0.0000000001")):
            raise forms.ValidationError(_("Use at most ten decimal places."))
        return rate

    def clean_effective_on(self) -> Any:
        """A day that lies ahead, or none."""
        day = self.cleaned_data["effective_on"]
        if day is not None and day <= clock.today(selectors.zone()):
            raise forms.ValidationError(_("Choose a day after today, or leave it empty."))
        return day

    @property
    def effective_at(self) -> datetime | None:
        """Local midnight of the portal at which that day begins; None for now."""
        day = self.cleaned_data["effective_on"]
        return datetime.combine(day, time(0), selectors.zone()) if day else None


def initial_of(portal: PortalSettings, form: type[forms.Form]) -> dict[str, Any]:
    """Return the stored values of a form's fields."""
    return {name: getattr(portal, name) for name in form.base_fields if hasattr(portal, name)}


def _foreign_choices() -> list[tuple[str, str]]:
    home = selectors.current().currency
    known = money.currency_choices(get_language() or "en")
    return [("", str(_("Choose"))), *((code, name) for code, name in known if code != home)]


def _holiday_choices() -> list[tuple[str, str]]:
    known = set(holiday_countries())
    return [(code, name) for code, name in countries.choices() if code in known]
