"""Page 2 of a registration: what is sold, for how much, and when."""

from datetime import date
from email.utils import parseaddr
from typing import Any

from django import forms
from django.core.validators import EmailValidator
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from catalog.models import ProductLine
from prm.money import AmountInvalid, currency_choices, parse_amount
from registrations.enums import LIVE_STAGES
from registrations.models import Registration

MONTHS_AHEAD = 24
MAX_VALUE = 10**12 - 1
MAX_ADDRESS = 254


class DealForm(forms.Form):
    """Page 2: what is sold."""

    product_lines = forms.ModelMultipleChoiceField(
        label=_("Product lines"),
        queryset=ProductLine.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one product line.")},
    )
    value = forms.CharField(
        label=_("Value"),
        max_length=40,
        help_text=_("The customer's total in the first year, for example 12,500 or 1.2m."),
        error_messages={"required": _("Enter the value of the deal.")},
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    currency = forms.ChoiceField(label=_("Currency"))
    expected_close = forms.ChoiceField(
        label=_("Expected close"), error_messages={"required": _("Choose a month.")}
    )
    stage = forms.ChoiceField(
        label=_("Sales stage"), choices=[(stage.value, stage.label) for stage in LIVE_STAGES]
    )
    contact_name = forms.CharField(
        label=_("Contact at the customer"), required=False, max_length=120
    )
    contact_email = forms.CharField(
        label=_("Their e-mail address"),
        required=False,
        max_length=320,
        help_text=_("You may paste it from a mail: “Robin Hale <robin@example.com>”."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "email"}),
    )
    competitor = forms.CharField(
        label=_("Competitor"),
        required=False,
        max_length=120,
        help_text=_("Whose product the customer looks at besides."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    is_tender = forms.BooleanField(label=_("This is a public tender (optional)"), required=False)
    description = forms.CharField(
        label=_("What it is about"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, today: date, kept: Registration | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._pasted_name = ""
        lines: Any = self.fields["product_lines"]
        lines.queryset = ProductLine.objects.filter(retired_at=None)
        lines.label_from_instance = lambda line: line.label
        if not lines.queryset.exists():
            lines.help_text = _("There are none here yet. Ask your channel manager to add them.")
        currency: Any = self.fields["currency"]
        currency.choices = currency_choices(get_language() or "en")
        months: Any = self.fields["expected_close"]
        months.choices = [("", _("Choose a month")), *month_choices(today, kept)]

    def clean_value(self) -> Any:
        """Return the amount, however it was written."""
        try:
            amount = parse_amount(self.cleaned_data["value"], get_language() or "en")
        except AmountInvalid as error:
            raise forms.ValidationError(str(error)) from error
        if amount < 0:
            raise forms.ValidationError(_("A deal's value is not negative."))
        if amount > MAX_VALUE:
            raise forms.ValidationError(_("This value is too large to be a deal's."))
        return amount

    def clean_contact_email(self) -> str:
        """Return the address in whatever was pasted; refuse what holds none."""
        typed = self.cleaned_data["contact_email"].strip()
        if not typed:
            return ""
        self._pasted_name, address = parseaddr(typed.removeprefix("mailto:"))
        try:
            EmailValidator()(address)
        except forms.ValidationError:
            raise forms.ValidationError(
                _(
                    "This does not look like an e-mail address. Enter something like name@example.com."
                )
            ) from None
        if len(address) > MAX_ADDRESS:
            raise forms.ValidationError(_("This e-mail address is too long."))
        return address

    def clean(self) -> dict[str, Any]:
        """Take the contact's name out of a pasted address, if it was not typed."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self._pasted_name and not cleaned.get("contact_name") and "contact_name" in self.fields:
            cleaned["contact_name"] = self._pasted_name[:120]
        return cleaned

    def clean_expected_close(self) -> date:
        """Return the first day of the month."""
        return date.fromisoformat(self.cleaned_data["expected_close"] + "-01")


def month_choices(today: date, kept: Registration | None = None) -> list[tuple[str, str]]:
    """Return the months from this one on, and the one that was chosen before."""
    index = today.year * 12 + today.month - 1
    months = [date((index + i) // 12, (index + i) % 12 + 1, 1) for i in range(MONTHS_AHEAD)]
    if kept and kept.expected_close and kept.expected_close not in months:
        months.insert(0, kept.expected_close)
    return [(f"{month:%Y-%m}", date_format(month, "F Y")) for month in months]
