"""Cleaning of the forms about companies."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from companies.domains import identifying, normalise_domain
from companies.enums import Designation, DesignationSource
from companies.models import Company
from companies.naming import NAME_LENGTH, NameUnusable, check_name
from prm import countries

MAX_LINES = 20


class CompanyNameField(forms.CharField):
    """A company's name: visible characters, at least one letter or digit, at most 200."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Company name"))
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("maxlength", str(NAME_LENGTH))

    def clean(self, value: Any) -> str:
        """Return the name as it is stored; refuse with a sentence."""
        typed = str(value or "")
        if not typed.strip() and not self.required:
            return ""
        try:
            return check_name(typed)
        except NameUnusable as error:
            raise forms.ValidationError(str(error)) from error


class DomainField(forms.CharField):
    """A web domain from whatever was pasted: a link, an address, a host name."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Web domain"))
        kwargs.setdefault("max_length", 2000)
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("inputmode", "url")

    def clean(self, value: Any) -> str:
        """Return the registrable domain; refuse what is none, and what many companies share."""
        typed = str(super().clean(value))
        return _identifying(typed) if typed else ""


class CountryField(forms.ChoiceField):
    """A country, or unknown."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Country"))
        kwargs["choices"] = lambda: [("", _("Not known")), *countries.choices()]
        super().__init__(**kwargs)


class AddCompanyForm(forms.Form):
    """A company that the vendor adds by hand."""

    name = CompanyNameField()
    country = CountryField(required=False)
    designation = forms.ChoiceField(
        label=_("Designation"),
        choices=Designation.choices,
        initial=Designation.OPEN,
        help_text=_(
            "Vendor-direct and restricted companies are flagged when a partner names them."
        ),
    )
    domains = forms.CharField(
        label=_("Web domains"),
        required=False,
        max_length=2000,
        help_text=_("One per line, such as example.com."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    aliases = forms.CharField(
        label=_("Other names"),
        required=False,
        max_length=MAX_LINES * (NAME_LENGTH + 2),
        help_text=_("One per line: short forms, former names, names in other languages."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_domains(self) -> list[str]:
        """Return registrable domains."""
        return [
            _identifying(typed)
            for typed in re.split(r"[\s,;]+", self.cleaned_data["domains"])
            if typed
        ]

    def clean_aliases(self) -> list[str]:
        """Return names, at most twenty."""
        lines = [line for line in self.cleaned_data["aliases"].splitlines() if line.strip()]
        if len(lines) > MAX_LINES:
            raise forms.ValidationError(_("Enter at most %(count)s names.") % {"count": MAX_LINES})
        try:
            return [check_name(line) for line in lines]
        except NameUnusable as error:
            raise forms.ValidationError(str(error)) from error


class RenameForm(forms.Form):
    """A company's own name and country, and when the vendor itself last spoke with it."""

    name = CompanyNameField()
    country = CountryField(required=False)
    contacted_on = forms.DateField(
        label=_("Our last own contact"),
        required=False,
        help_text=_(
            "When your own sales team last spoke with it. Rules of engagement may ask how long ago "
            "that was; leave it empty if nobody knows."
        ),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("This is no day. Enter it like 2027-03-14.")},
    )

    @staticmethod
    def initial_of(company: Company) -> dict[str, Any]:
        """What the form shows of a stored company."""
        return {
            "name": company.name,
            "country": company.country,
            "contacted_on": company.contacted_on,
        }


class DesignationForm(forms.Form):
    """Whom a company is open to."""

    designation = forms.ChoiceField(
        label=_("Designation"),
        choices=[(DesignationSource.RULE.value, _("As the rules say")), *Designation.choices],
    )

    @staticmethod
    def initial_of(company: Company) -> dict[str, Any]:
        """What the form shows of a stored company."""
        by_rule = company.designation_source == DesignationSource.RULE
        return {"designation": company.designation_source if by_rule else company.designation}


class OtherNameForm(forms.Form):
    """One more spelling of a company."""

    name = CompanyNameField(label=_("Another name of this company"))


class DomainForm(forms.Form):
    """One more domain of a company."""

    domain = DomainField(label=_("Another web domain"))


def _identifying(typed: str) -> str:
    if not normalise_domain(typed):
        raise forms.ValidationError(_("Enter a web domain like example.com."))
    domain = identifying(typed)
    if not domain:
        raise forms.ValidationError(
            _("Many companies share this domain, so it says nothing about one.")
        )
    return domain
