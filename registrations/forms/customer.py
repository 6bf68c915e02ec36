"""Page 1 of a registration, and what is asked about a customer before one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from companies.domains import normalise_domain
from prm import countries
from registrations.enums import Disclosure


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
