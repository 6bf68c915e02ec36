"""For whom staff register a deal."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from partners.models import Partner
from users.models import User


class PartnerChoiceForm(forms.Form):
    """Which partner."""

    partner = forms.ModelChoiceField(
        label=_("Partner"),
        queryset=Partner.objects.none(),
        to_field_name="reference",
        empty_label=_("Choose a partner"),
        error_messages={
            "required": _("Choose a partner."),
            "invalid_choice": _("This partner cannot register deals. Choose another one."),
        },
    )

    def __init__(self, *args: Any, partners: QuerySet[Partner], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["partner"]
        field.queryset = partners
        field.label_from_instance = lambda partner: f"{partner.name} ({partner.reference})"


class SellerForm(forms.Form):
    """Which of its people."""

    seller = forms.ModelChoiceField(
        label=_("Who sells there"),
        queryset=User.objects.none(),
        to_field_name="uid",
        widget=forms.RadioSelect,
        empty_label=None,
        help_text=_("The deal is theirs: they get the receipt and every mail about it."),
        error_messages={
            "required": _("Choose who sells there."),
            "invalid_choice": _("This person no longer works there. Choose somebody else."),
        },
    )

    def __init__(self, *args: Any, sellers: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["seller"]
        field.queryset = sellers
        field.label_from_instance = lambda user: f"{user.name} ({user.email})"
