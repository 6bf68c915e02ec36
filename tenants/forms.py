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
from tenants import hosts, removal, renaming, selectors
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
        self.fields["host"].help_text = _host_help()
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
        return _host_from(self.cleaned_data["host"])

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


class RenameForm(forms.Form):
    """Under which name a portal answers from now on, and for how long the old one leads there."""

    host = forms.CharField(label=_("New host name"), max_length=253)
    redirect_days = forms.TypedChoiceField(
        label=_("The old host name"),
        coerce=int,
        initial=renaming.DAYS,
        choices=(
            (30, _("Redirects for 30 days")),
            (90, _("Redirects for 90 days")),
            (365, _("Redirects for a year")),
            (0, _("Stops answering at once")),
        ),
        help_text=_("While it redirects, links in mails that were sent before still work."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["host"].help_text = _host_help()

    def clean_host(self) -> str:
        """Return the full host name."""
        return _host_from(self.cleaned_data["host"])


class DeletionForm(forms.Form):
    """Why a portal goes, and that it is this one which is meant."""

    name = forms.CharField(label=_("Name of the portal"), max_length=80)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For operators only: the portal's own people see a page that names nothing."),
    )
    days = forms.IntegerField(
        label=_("Days until it is deleted"), min_value=1, max_value=365, initial=removal.DAYS
    )

    def __init__(self, *args: Any, tenant: Tenant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tenant = tenant
        self.fields["name"].help_text = _("Type “%(name)s” to confirm.") % {"name": tenant.name}
        self.fields["name"].widget.attrs["autocomplete"] = "off"

    def clean_name(self) -> str:
        """Refuse any name but the portal's."""
        name = " ".join(self.cleaned_data["name"].split())
        if name != self.tenant.name:
            raise forms.ValidationError(_("This is not the name of the portal."))
        return name


def _host_help() -> str:
    text = _(
        "A label such as “acme” becomes acme.%(domain)s. A full host name must already point here."
    )
    return str(text % {"domain": settings.BASE_DOMAIN})


def _host_from(typed: str) -> str:
    try:
        return hosts.host_from(typed, settings.BASE_DOMAIN)
    except hosts.HostRefused as refused:
        raise forms.ValidationError(str(refused)) from refused
