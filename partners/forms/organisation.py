"""Cleaning of the forms about partner organisations and who works for them."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from catalog.models import ProductLine, Territory, Tier
from partners.models import Partner
from partners.selectors import possible_managers
from partners.services import Profile
from prm import countries
from prm.access import PARTNER_ROLES, Role
from users.models import User


class PartnerForm(forms.Form):
    """What the vendor writes about a partner."""

    name = forms.CharField(label=_("Name"), max_length=120)
    country = forms.ChoiceField(
        label=_("Country"), choices=lambda: [("", _("Choose a country")), *countries.choices()]
    )
    website = forms.CharField(
        label=_("Website"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"inputmode": "url", "placeholder": "example.com"}),
    )
    manager = forms.ModelChoiceField(
        label=_("Channel manager"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody yet"),
        help_text=_("Looks after this partner and gets its answers to mails."),
    )
    tier = forms.ModelChoiceField(
        label=_("Tier"),
        queryset=Tier.objects.none(),
        required=False,
        empty_label=_("None"),
        help_text=_("Rules may grant more to a tier."),
    )
    territories = forms.ModelMultipleChoiceField(
        label=_("Territories"),
        queryset=Territory.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    product_lines = forms.ModelMultipleChoiceField(
        label=_("Product lines"),
        queryset=ProductLine.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, partner: Partner | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("manager", possible_managers())
        territories, lines = Territory.objects.active(), ProductLine.objects.active()
        tiers = Tier.objects.active()
        if partner is not None:  # what is held already stays on offer, retired or not
            territories |= Territory.objects.filter(partners=partner)
            lines |= ProductLine.objects.filter(partners=partner)
            tiers |= Tier.objects.filter(partners=partner)
        self._choose("tier", tiers.distinct())
        self._choose("territories", territories.distinct())
        self._choose("product_lines", lines.distinct())

    def _choose(self, name: str, queryset: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = queryset

    def clean_website(self) -> str:
        """Return the host name without scheme and path; refuse what is none."""
        typed = str(self.cleaned_data["website"]).strip().lower()
        host = typed.split("://", 1)[-1].split("/", 1)[0].removeprefix("www.")
        if typed and (
            "." not in host.strip(".") or any(c.isspace() or c in "<>\"'@:" for c in host)
        ):
            raise forms.ValidationError(_("Enter a website like example.com."))
        return host

    @staticmethod
    def initial_of(partner: Partner) -> dict[str, Any]:
        """Return what the form shows of a stored partner."""
        return {
            "name": partner.name,
            "country": partner.country,
            "website": partner.website,
            "manager": partner.manager_id,
            "tier": partner.tier_id,
            "territories": partner.territories.all(),
            "product_lines": partner.product_lines.all(),
        }

    @property
    def profile(self) -> Profile:
        """The cleaned profile."""
        return Profile(
            name=self.cleaned_data["name"],
            country=self.cleaned_data["country"],
            website=self.cleaned_data["website"],
            manager=self.cleaned_data["manager"],
            tier=self.cleaned_data["tier"],
            territories=tuple(self.cleaned_data["territories"]),
            product_lines=tuple(self.cleaned_data["product_lines"]),
        )


class InviteForm(forms.Form):
    """Somebody who is to work for a partner."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[(role.value, role.label) for role in PARTNER_ROLES],
        initial=Role.SELLER.value,
        help_text=_("A partner administrator also invites colleagues and keeps the profile."),
    )
    language = forms.ChoiceField(
        label=_("Language of the invitation"),
        required=False,
        choices=lambda: [("", _("The portal's language")), *settings.LANGUAGES],
    )


class RoleForm(forms.Form):
    """The role of one of a partner's people."""

    role = forms.ChoiceField(
        label=_("Role"), choices=[(role.value, role.label) for role in PARTNER_ROLES]
    )


class ActForm(forms.Form):
    """Why somebody of the staff acts for a partner's person."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("The person is told by mail, and it stays in the history of both."),
    )


class EndForm(forms.Form):
    """Why a partnership ends; only the vendor reads it."""

    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=300,
        help_text=_("Only the vendor's staff see it."),
    )
