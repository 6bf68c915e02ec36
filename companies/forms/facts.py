"""Forms about what is known of a company besides its names."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.models import Industry, Territory
from companies.enums import NumberScheme
from companies.forms.company import CountryField


class NumberForm(forms.Form):
    """A registration number and what kind it is."""

    scheme = forms.ChoiceField(label=_("Kind of number"), choices=NumberScheme.choices)
    value = forms.CharField(label=_("Number"), max_length=64)


class SiteForm(forms.Form):
    """A place where the company is."""

    name = forms.CharField(label=_("What it is called"), required=False, max_length=120)
    street = forms.CharField(label=_("Street"), required=False, max_length=160)
    postcode = forms.CharField(label=_("Postcode"), required=False, max_length=20)
    city = forms.CharField(label=_("City"), required=False, max_length=120)
    country = CountryField(required=False)
    territory = forms.ModelChoiceField(
        label=_("Territory"),
        queryset=Territory.objects.none(),
        required=False,
        empty_label=_("Not known"),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["territory"].queryset = Territory.objects.active()  # type: ignore[attr-defined]


class ExternalIdForm(forms.Form):
    """What another system calls the company."""

    system = forms.CharField(
        label=_("System"),
        max_length=32,
        initial="crm",
        help_text=_("In short, such as crm or erp."),
    )
    external_id = forms.CharField(label=_("Its ID there"), max_length=64)


class IndustryForm(forms.Form):
    """Which trade a company belongs to."""

    industry = forms.ModelChoiceField(
        label=_("Industry"),
        queryset=Industry.objects.none(),
        required=False,
        empty_label=_("Not known"),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["industry"].queryset = Industry.objects.active()  # type: ignore[attr-defined]
