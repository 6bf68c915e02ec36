"""The rules of engagement: what they may ask and grant, and what a registration is granted by them."""

from django.utils.translation import gettext_lazy as _

from prm import rules
from registrations.engagement import checks
from registrations.engagement.days import (
    KEPT_DRAFT_DAYS,
    MORNING,
    WARNED_DRAFT_DAYS,
    days_before,
)
from registrations.engagement.fields import DEFAULTS, FIELDS, KIND, MANAGER, OUTCOMES
from registrations.engagement.terms import (
    TITLES,
    Terms,
    days_since,
    decide,
    facts_of,
    sample,
    terms_for,
    trace_of,
    version_in_force,
)

__all__ = [
    "DEFAULTS",
    "FIELDS",
    "KEPT_DRAFT_DAYS",
    "KIND",
    "MANAGER",
    "MORNING",
    "OUTCOMES",
    "TITLES",
    "WARNED_DRAFT_DAYS",
    "Terms",
    "days_before",
    "days_since",
    "decide",
    "facts_of",
    "register",
    "terms_for",
    "trace_of",
    "version_in_force",
]


def register() -> None:
    """Make the kind of rules known; called when the app starts."""
    rules.register_kind(
        KIND,
        _("Rules of engagement"),
        fields=FIELDS,
        outcomes=OUTCOMES,
        help=_("What a registered deal is granted, who reviews it, and which deals are eligible."),
        usual=DEFAULTS,
        sample=sample,
        sample_label=_("Reference of the deal"),
        check=checks.odd,
    )
