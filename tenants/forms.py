"""Forms of the operators' console."""

from typing import Any, cast

import django_filters
from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from prm import countries
from prm.money import currency_choices
from prm.portal import zones
from tenants import hosts, selectors
from tenants.enums import PortalState
from tenants.models import Tenant
from tenants.services import NewTenant


class PortalFilter(django_filters.FilterSet):
    """Filters of the list of portals."""

    state = django_filters.ChoiceFilter(
        label=_("State"), choices=PortalState.choices, empty_label=_("Any"), method="by_state"
    )

    def by_state(self, queryset: QuerySet[Tenant], name: str, value: str) -> QuerySet[Tenant]:
        """Narrow to one state."""
        return selectors.in_state(queryset, PortalState(value))


class NewPortalForm(forms.Form):
    """What it takes to open a portal."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("The vendor's name, as its partners know it.")
    )
    host = forms.CharField(label=_("Host name"), max_length=253)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    currency = forms.ChoiceField(label=_("Currency"))
    zone = forms.ChoiceField(label=_("Time zone"), choices=zones.choices)
    country = forms.ChoiceField(
        label=_("Country"), help_text=_("Its public holidays are no working days.")
    )
    administrator_name = forms.CharField(label=_("First administrator's name"), max_length=120)
    administrator_email = forms.EmailField(
        label=_("First administrator's e-mail address"),
        max_length=254,
        help_text=_("The invitation is sent as soon as the portal is ready."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["host"].help_text = _(
            "A label such as “acme” becomes acme.%(domain)s. A full host name must already point here."
        ) % {"domain": settings.BASE_DOMAIN}
        currency, country = self._choice("currency"), self._choice("country")
        currency.choices = currency_choices(get_language() or "en")
        country.choices = [("", _("Choose…")), *countries.choices()]
        self.initial.setdefault("currency", "USD")
        self.initial.setdefault("zone", "UTC")

    def clean_name(self) -> str:
        """Collapse spaces, so that two portals cannot look the same."""
        return " ".join(self.cleaned_data["name"].split())

    def clean_host(self) -> str:
        """Return the full host name."""
        try:
            return hosts.host_from(self.cleaned_data["host"], settings.BASE_DOMAIN)
        except hosts.HostRefused as refused:
            raise forms.ValidationError(str(refused)) from refused

    def new_tenant(self) -> NewTenant:
        """Return the cleaned answers as the service wants them."""
        return NewTenant(schema_name="", **self.cleaned_data)

    def _choice(self, name: str) -> forms.ChoiceField:
        return cast(forms.ChoiceField, self.fields[name])


class SuspendForm(forms.Form):
    """Why a portal is suspended."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For operators only: the portal's own people see a page that names nothing."),
    )
