"""Reads about partners that join tables."""

from partners.selectors.agreements import (
    Missing,
    acceptance_list,
    agreement_list,
    coverage_of,
    missing_acceptances,
    missing_by_partner,
    terms_of,
    version_list,
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
from partners.selectors.tasks import Task, missing_to_confirm, profile_tasks

__all__ = [
    "Missing",
    "Task",
    "acceptance_list",
    "agreement_list",
    "calendar_of",
    "contact_of",
    "contacts_of",
    "coverage_of",
    "hours_of",
    "membership_of",
    "missing_acceptances",
    "missing_by_partner",
    "missing_to_confirm",
    "open_invitations",
    "partner_list",
    "partner_of",
    "people_of",
    "possible_managers",
    "profile_ends_at",
    "profile_rule",
    "profile_tasks",
    "roles_at_partner",
    "signers_of",
    "terms_of",
    "version_list",
    "zone_of",
]
