"""Every write to partners: one function per intention; each locks the partner and records one event."""

from partners.services.contacts import (
    CanSignIn,
    ContactFacts,
    ContactTaken,
    add_contact,
    edit_contact,
    follow_new_name,
    remove_contact,
)
from partners.services.core import (
    LastAdministrator,
    PartnerEnded,
    PartnerNameTaken,
    PartnerRefused,
    WorksElsewhere,
)
from partners.services.organisations import (
    Profile,
    add_partner,
    edit_partner,
    end_partner,
    reopen_partner,
)
from partners.services.people import (
    add_membership,
    change_member_role,
    invite_person,
    join_by_invitation,
    remove_member,
    resend_invitation,
    restore_member,
    withdraw_invitation,
)

__all__ = [
    "CanSignIn",
    "ContactFacts",
    "ContactTaken",
    "LastAdministrator",
    "PartnerEnded",
    "PartnerNameTaken",
    "PartnerRefused",
    "Profile",
    "WorksElsewhere",
    "add_contact",
    "add_membership",
    "add_partner",
    "change_member_role",
    "edit_contact",
    "edit_partner",
    "end_partner",
    "follow_new_name",
    "invite_person",
    "join_by_invitation",
    "remove_contact",
    "remove_member",
    "reopen_partner",
    "resend_invitation",
    "restore_member",
    "withdraw_invitation",
]
