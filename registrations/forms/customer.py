"""Page 1 of a registration, and what is asked about a customer before one."""

import re
from typing import Any
from urllib.parse import unquote

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from companies.domains import is_shared, label_of, normalise_domain
from companies.enums import NumberScheme
from companies.numbers import NumberUnusable, checked_number
from prm import countries
from registrations.enums import Disclosure

_PROFILE = re.compile(r"linkedin\.com/(?:company|school|showcase)/([^/?#\s]+)", re.IGNORECASE)
_PASTED = re.compile(r"^(?:https?://|www\.|mailto:)|^[^\s@]+@[^\s@]+\.[^\s@]+$", re.IGNORECASE)


class CustomerForm(forms.Form):
    """Page 1: who the customer is.

    `notes` says what was understood otherwise than typed, so that nothing is changed unsaid.
    """

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
    site = forms.CharField(
        label=_("Which of its sites"),
        required=False,
        max_length=120,
        help_text=_("For example the plant in Graz, if the deal is about one of several."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    number_scheme = forms.ChoiceField(
        label=_("Kind of number"),
        required=False,
        choices=[("", _("None")), *NumberScheme.choices],
    )
    number = forms.CharField(
        label=_("Registration number"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.notes: list[str] = []
        choices = [("", _("Choose a country")), *countries.choices()]
        self.fields["country"].choices = choices  # type: ignore[attr-defined]

    def clean_company_name(self) -> str:
        """Return the name with its blanks folded; of a pasted link or address, the name in it."""
        typed = " ".join(self.cleaned_data["company_name"].split())
        if not _PASTED.match(typed):
            return typed
        named = _name_in(typed)
        if named:
            self.notes.append(
                gettext("We read “%(name)s” as the company's name.") % {"name": named}
            )
        return named or typed

    def clean_website(self) -> str:
        """Return the registrable domain of whatever was pasted; refuse what has none.

        A page at a host that many companies share says nothing of this one, so it is left out.
        """
        typed = self.cleaned_data["website"].strip() or self._pasted_as_name()
        if not typed:
            return ""
        domain = normalise_domain(typed)
        if not domain:
            raise forms.ValidationError(
                _("This does not look like a website. Enter something like example.com.")
            )
        if is_shared(domain):
            self.notes.append(
                gettext("%(domain)s is no website of the customer's own, so we left it out.")
                % {"domain": domain}
            )
            return ""
        return domain

    def clean(self) -> dict[str, Any]:
        """Check the number by the rules of its kind."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "number" not in self.fields or "number_scheme" not in cleaned:
            return cleaned
        scheme, number = cleaned["number_scheme"], cleaned.get("number", "").strip()
        if scheme and not number:
            self.add_error("number", _("Enter the number, or choose “None”."))
        elif number:
            self._clean_number(cleaned, scheme, number)
        return cleaned

    def _clean_number(self, cleaned: dict[str, Any], scheme: str, number: str) -> None:
        if not scheme:
            self.add_error("number_scheme", _("Say which kind of number this is."))
            return
        try:
            known = checked_number(scheme, number, cleaned.get("country", ""))
        except NumberUnusable as error:
            self.add_error("number", str(error))
        else:
            cleaned |= {"number_scheme": known.scheme, "number": known.value}

    def _pasted_as_name(self) -> str:
        """A link or address that was pasted where the name belongs holds the website too."""
        typed = str(self.data.get(self.add_prefix("company_name"), "")).strip()
        usable = _PASTED.match(typed) and not is_shared(normalise_domain(typed))
        return typed if usable and normalise_domain(typed) else ""


def _name_in(pasted: str) -> str:
    """Return the company's name as far as a link or an address says it; "" for none."""
    profile = _PROFILE.search(pasted)
    if profile:
        return " ".join(unquote(profile.group(1)).replace("-", " ").split()).title()[:200]
    domain = normalise_domain(pasted)
    return "" if is_shared(domain) else label_of(domain).title()


class AvailabilityForm(CustomerForm):
    """What is asked before a deal is registered: a website or a name will do."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["company_name"].required = False
        for name in ("site", "number_scheme", "number"):
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Refuse a question about nobody."""
        cleaned = super().clean()
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
