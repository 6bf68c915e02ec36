"""Page 2 of a registration: what is sold, for how much, and when."""

from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from catalog.models import ProductLine
from prm.money import AmountInvalid, currency_choices, parse_amount
from registrations.enums import LIVE_STAGES
from registrations.models import Registration

MONTHS_AHEAD = 24
MAX_VALUE = 10**12 - 1


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
    contact_email = forms.EmailField(label=_("Their e-mail address"), required=False)
    description = forms.CharField(
        label=_("What it is about"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, today: date, kept: Registration | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
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
