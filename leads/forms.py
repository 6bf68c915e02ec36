"""What is typed about leads, cleaned: forgiving in, exact out."""

import re
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from catalog.models import ProductLine, Skill
from leads.enums import Check, DeclineCode, DisqualifyCode, LostCode, Rating
from partners.models import Partner
from prm.money import AmountInvalid, currency_choices, parse_amount
from registrations.forms import MAX_VALUE, CustomerForm, VersionForm

__all__ = [
    "AssignForm",
    "DeclineForm",
    "DisqualifyForm",
    "LeadForm",
    "LostForm",
    "QualifyForm",
    "ReasonForm",
    "TakeBackForm",
    "VersionForm",
    "WeightForm",
]

_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_NUMBER = re.compile(r"(?:\+|\b0)\d(?:[\s()/.\-]?\d){5,}")


class LeadForm(CustomerForm):
    """Who wants what, and how to reach them."""

    contact_name = forms.CharField(
        label=_("Contact"),
        max_length=120,
        error_messages={"required": _("Enter the name of the person to contact.")},
    )
    contact_email = forms.EmailField(label=_("Their e-mail address"), required=False)
    contact_phone = forms.CharField(
        label=_("Their telephone number"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    address = forms.CharField(label=_("Street and place"), required=False, max_length=300)
    need = forms.CharField(
        label=_("What they need"),
        max_length=2_000,
        help_text=_(
            "Partners read this before they accept: no names, addresses or telephone numbers here."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Say in a sentence what they need.")},
    )
    product_lines = forms.ModelMultipleChoiceField(
        label=_("Product lines"),
        queryset=ProductLine.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one product line.")},
    )
    skills = forms.ModelMultipleChoiceField(
        label=_("Skills that the partner must have"),
        required=False,
        queryset=Skill.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    value = forms.CharField(
        label=_("What it may be worth"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    currency = forms.ChoiceField(label=_("Currency"), required=False)
    source = forms.CharField(
        label=_("Where it comes from"),
        required=False,
        max_length=120,
        help_text=_("For example a campaign or a trade fair. Partners do not see it."),
    )
    consent = forms.CharField(
        label=_("Consent"),
        max_length=300,
        help_text=_("When and how they agreed to be contacted by a partner."),
        error_messages={"required": _("Say when and how they agreed to be contacted.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, model in (("product_lines", ProductLine), ("skills", Skill)):
            field: Any = self.fields[name]
            field.queryset = model.objects.filter(retired_at=None)
            field.label_from_instance = lambda entry: entry.label
        if not self.fields["skills"].queryset.exists():  # type: ignore[attr-defined]
            del self.fields["skills"]
        currency: Any = self.fields["currency"]
        currency.choices = currency_choices(get_language() or "en")

    def clean_need(self) -> str:
        """Return the text; refuse what would tell a partner whom to call before it accepts."""
        text: str = self.cleaned_data["need"]
        if _ADDRESS.search(text) or _NUMBER.search(text):
            raise forms.ValidationError(
                _(
                    "Leave out e-mail addresses and telephone numbers: partners read this text first."
                )
            )
        return text

    def clean_value(self) -> Any:
        """Return the amount, however it was written; None for none."""
        if not self.cleaned_data["value"].strip():
            return None
        try:
            amount = parse_amount(self.cleaned_data["value"], get_language() or "en")
        except AmountInvalid as error:
            raise forms.ValidationError(str(error)) from error
        if not 0 <= amount <= MAX_VALUE:
            raise forms.ValidationError(_("This value is too large or too small to be true."))
        return amount

    def clean(self) -> dict[str, Any]:
        """Ask for at least one way to reach the customer."""
        cleaned = super().clean() or self.cleaned_data
        silent = not cleaned.get("contact_email") and not cleaned.get("contact_phone")
        if silent and not {"contact_email", "contact_phone"} & set(self.errors):
            self.add_error(
                "contact_email", _("Enter an e-mail address or a telephone number, or both.")
            )
        return cleaned


class QualifyForm(VersionForm):
    """What the agent found out."""

    checks = forms.MultipleChoiceField(
        label=_("What is true?"),
        choices=Check.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    rating = forms.ChoiceField(
        label=_("How soon?"),
        choices=Rating.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how soon they want to hear from somebody.")},
    )

    def clean_checks(self) -> list[str]:
        """Return what is true; without a need there is no lead."""
        checks: list[str] = self.cleaned_data["checks"]
        if Check.NEED not in checks:
            raise forms.ValidationError(
                _("Without a need that we can meet this is no lead: disqualify it below.")
            )
        return checks


class DisqualifyForm(VersionForm):
    """Why it goes nowhere."""

    code = forms.ChoiceField(
        label=_("Why?"),
        choices=DisqualifyCode.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose why it goes nowhere.")},
    )


class AssignForm(VersionForm):
    """Give it to a partner by hand."""

    partner = forms.ModelChoiceField(
        label=_("Partner"),
        queryset=Partner.objects.none(),
        to_field_name="reference",
        error_messages={
            "required": _("Choose a partner."),
            "invalid_choice": _("Choose a partner."),
        },
    )
    reason = forms.CharField(
        label=_("Why this one?"),
        max_length=300,
        help_text=_(
            "For the record; the partner does not see it. It counts as the partner's turn."
        ),
        error_messages={"required": _("Say why this partner, in a few words.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["partner"]
        field.queryset = Partner.objects.all().active().order_by("name")
        field.empty_label = _("Choose a partner")


class ReasonForm(VersionForm):
    """Why an offer is withdrawn."""

    reason = forms.CharField(
        label=_("Why?"),
        max_length=300,
        help_text=_("For the record; the partner does not see it."),
        error_messages={"required": _("Say why, in a few words.")},
    )


class TakeBackForm(VersionForm):
    """Why an accepted lead is taken back."""

    reason = forms.CharField(
        label=_("Why?"),
        max_length=300,
        help_text=_("The partner reads exactly this. Never name another partner."),
        error_messages={"required": _("Say why, in a few words. The partner reads it.")},
    )


class DeclineForm(forms.Form):
    """Why a partner declines."""

    code = forms.ChoiceField(
        label=_("Why?"),
        choices=DeclineCode.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a reason.")},
    )
    note = forms.CharField(
        label=_("Note to the vendor"),
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class LostForm(VersionForm):
    """Why an accepted lead came to nothing."""

    code = forms.ChoiceField(
        label=_("Why?"),
        choices=LostCode.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a reason.")},
    )


class WeightForm(forms.Form):
    """How large a partner's share is."""

    weight = forms.IntegerField(
        label=_("Weight"),
        min_value=0,
        max_value=100,
        help_text=_("0 to 100. Twice the weight is twice the leads; 0 means none."),
        error_messages={
            name: _("Enter a whole number from 0 to 100.")
            for name in ("required", "invalid", "min_value", "max_value")
        },
    )
