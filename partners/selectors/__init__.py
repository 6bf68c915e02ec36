"""Reads about partners that join tables."""

from partners.selectors.agreements import (
    Missing,
    missing_acceptances,
    missing_by_partner,
)
from partners.selectors.people import (
    contact_of,
    contacts_of,
    membership_of,
    open_invitations,
    partner_list,
    partner_of,
    people_of,
    possible_managers,
    roles_at_partner,
    signers_of,
)
from partners.selectors.profile import calendar_of, hours_of, profile_ends_at, profile_rule, zone_of

__all__ = [
    "Missing",
    "calendar_of",
    "contact_of",
    "contacts_of",
    "hours_of",
    "membership_of",
    "missing_acceptances",
    "missing_by_partner",
    "open_invitations",
    "partner_list",
    "partner_of",
    "people_of",
    "possible_managers",
    "profile_ends_at",
    "profile_rule",
    "roles_at_partner",
    "signers_of",
    "zone_of",
]
