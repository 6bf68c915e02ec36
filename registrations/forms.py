"""What is typed about a registration, cleaned: forgiving in, exact out."""

from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from catalog.models import ProductLine
from companies.domains import normalise_domain
from prm import countries
from prm.money import AmountInvalid, currency_choices, parse_amount
from registrations.enums import LIVE_STAGES, CloseCode, DeclineCode, Disclosure, Settlement
from registrations.models import Registration

MONTHS_AHEAD = 24
MAX_VALUE = 10**12 - 1


class CustomerForm(forms.Form):
    """Page 1: who the customer is."""

    company_name = forms.CharField(
        label=_("Company"),
        max_length=200,
        help_text=_("The customer's name as it is on its website or contract."),
        error_messages={
            "required": _("Enter the company's name."),
            "max_length": _("This name is too long: a company's name has at most 200 characters."),
        },
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    website = forms.CharField(
        label=_("Website"),
        required=False,
        max_length=500,
        help_text=_("Paste any link or e-mail address of the customer; we keep the domain."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "url"}),
    )
    country = forms.ChoiceField(
        label=_("Country"), error_messages={"required": _("Choose the customer's country.")}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Choose a country")), *countries.choices()]
        self.fields["country"].choices = choices  # type: ignore[attr-defined]

    def clean_company_name(self) -> str:
        """Return the name with its blanks folded."""
        return " ".join(self.cleaned_data["company_name"].split())

    def clean_website(self) -> str:
        """Return the registrable domain of whatever was pasted; refuse what has none."""
        typed = self.cleaned_data["website"].strip()
        if not typed:
            return ""
        domain = normalise_domain(typed)
        if not domain:
            raise forms.ValidationError(
                _("This does not look like a website. Enter something like example.com.")
            )
        return domain


class AvailabilityForm(CustomerForm):
    """What is asked before a deal is registered: a website or a name will do."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["company_name"].required = False

    def clean(self) -> dict[str, Any]:
        """Refuse a question about nobody."""
        cleaned = super().clean() or {}
        typed = cleaned.get("company_name") or cleaned.get("website")
        if not typed and not self.errors:
            self.add_error("company_name", _("Enter the company’s name or its website."))
        return cleaned


class AvailabilityPolicyForm(forms.Form):
    """What partners may ask before they register."""

    disclosure = forms.ChoiceField(
        label=_("What partners may learn"),
        choices=Disclosure.choices,
        widget=forms.RadioSelect,
        help_text=_("Never who holds a customer, nor whether it is yours or another partner’s."),
    )
    says_not_eligible = forms.BooleanField(
        label=_("Say “not eligible” for vendor-direct and restricted companies"),
        required=False,
        help_text=_("Otherwise they need review, like everything that collides."),
    )
    per_person_hour = forms.IntegerField(
        label=_("Checks per person and hour"), min_value=1, max_value=1_000
    )
    per_partner_day = forms.IntegerField(
        label=_("Checks per partner and day"), min_value=1, max_value=10_000
    )


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


class VersionForm(forms.Form):
    """Any form that acts on what the person saw: the version it was read at."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Give the fields ids of their own: several of these forms stand on one page."""
        kwargs.setdefault("auto_id", type(self).__name__.removesuffix("Form").lower() + "-%s")
        super().__init__(*args, **kwargs)

    def read_again(self, version: int) -> None:
        """The page shows the truth now: what was typed may be sent once more, about that."""
        self.data = {**dict(self.data.items()), "version": str(version)}


class ApproveForm(VersionForm):
    """Approve, in spite of open conflicts if that is ticked."""

    note = forms.CharField(
        label=_("Note to the partner"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    overrule = forms.BooleanField(label=_("Approve in spite of the open conflicts"), required=False)


class RejectForm(VersionForm):
    """Decline with a reason."""

    code = forms.ChoiceField(
        label=_("Reason"),
        choices=DeclineCode.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a reason.")},
    )
    note = forms.CharField(
        label=_("Note to the partner"),
        max_length=2_000,
        help_text=_("The partner reads exactly this. Never name another partner."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write a sentence that the partner can act on.")},
    )


class QueueForm(VersionForm):
    """Put in line."""

    note = forms.CharField(
        label=_("Note to the partner"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AskForm(VersionForm):
    """Ask for more."""

    question = forms.CharField(
        label=_("What do you need to know?"),
        max_length=2_000,
        help_text=_("Your clock stops until the partner answers."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write your question.")},
    )


class AnswerForm(VersionForm):
    """The partner's answer."""

    answer = forms.CharField(
        label=_("Your answer"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write your answer.")},
    )


class StageForm(forms.Form):
    """Move the sales stage."""

    stage = forms.ChoiceField(
        label=_("Sales stage"), choices=[(stage.value, stage.label) for stage in LIVE_STAGES]
    )


class CloseForm(VersionForm):
    """Close as won, lost or released."""

    code = forms.ChoiceField(
        label=_("How did it end?"),
        choices=[
            (CloseCode.WON.value, _("We won it")),
            (CloseCode.LOST.value, _("We lost it")),
            (CloseCode.RELEASED.value, _("We release it: somebody else may have it")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how it ended.")},
    )


class SettleForm(forms.Form):
    """Settle one conflict."""

    settlement = forms.ChoiceField(
        choices=[
            (Settlement.OVERRULED.value, _("Overrule")),
            (Settlement.DIFFERENT.value, _("Not the same customer")),
            (Settlement.UPHELD.value, _("Uphold")),
        ]
    )
