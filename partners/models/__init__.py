"""Partners, who works for them, their profile, and the terms between them and the vendor."""

from partners.models.agreements import Acceptance, Agreement, AgreementVersion
from partners.models.contacts import Contact
from partners.models.organisation import Membership, Partner, PartnerQuerySet
from partners.models.profile import PartnerHours, ProfileRule

__all__ = [
    "Acceptance",
    "Agreement",
    "AgreementVersion",
    "Contact",
    "Membership",
    "Partner",
    "PartnerHours",
    "PartnerQuerySet",
    "ProfileRule",
]
