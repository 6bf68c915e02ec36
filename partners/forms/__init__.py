"""Cleaning of what is typed about partners, their profiles and terms."""

from partners.forms.agreements import AcceptForm, AgreementForm, DraftForm, PublishForm
from partners.forms.organisation import ActForm, EndForm, InviteForm, PartnerForm, RoleForm
from partners.forms.profile import ChoiceForm, ContactForm, PartnerHoursForm, ProfileRuleForm

__all__ = [
    "AcceptForm",
    "ActForm",
    "AgreementForm",
    "ChoiceForm",
    "ContactForm",
    "DraftForm",
    "EndForm",
    "InviteForm",
    "PartnerForm",
    "PartnerHoursForm",
    "ProfileRuleForm",
    "PublishForm",
    "RoleForm",
]
