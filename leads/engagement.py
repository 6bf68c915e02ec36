"""The rules of distribution: what the vendor's published rules say about handing a lead over.

One rule object decides and explains; every distribution keeps the version it was decided under. Until
a vendor publishes its own, version 1 with the usual figures is in force.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from leads.enums import Rating
from prm import portal, rules
from prm.money import Money
from prm.rules import Field, Kind, RuleVersion

if TYPE_CHECKING:
    from leads.models import Lead

KIND = "leads.distribution"

DEFAULTS: dict[str, Any] = {
    "accept_days": "2",
    "contact_days_hot": "2",
    "contact_days_warm": "5",
    "convert_days": "30",
    "open_cap": "10",
    "match_territory": True,
    "match_skills": True,
    "at_once": False,
}
"""The usual figures of the field; days are working days of the partner, but for the deal's."""

FIELDS = (
    Field("country", Kind.TEXT, _("country of the customer"), path="country"),
    Field("rating", Kind.CHOICE, _("rating"), path="rating", choices=dict(Rating.choices)),
    Field("value", Kind.MONEY, _("value"), path="value", currency_path="currency"),
    Field("source", Kind.TEXT, _("source"), path="source"),
)
OUTCOMES = (
    Field("accept_days", Kind.NUMBER, _("working days to accept")),
    Field("contact_days_hot", Kind.NUMBER, _("working days to the first contact, hot")),
    Field("contact_days_warm", Kind.NUMBER, _("working days to the first contact, warm")),
    Field("convert_days", Kind.NUMBER, _("days until it should be a deal")),
    Field("open_cap", Kind.NUMBER, _("open leads a partner may have")),
    Field("match_territory", Kind.YES_NO, _("only partners of the territory")),
    Field("match_skills", Kind.YES_NO, _("only partners with every skill")),
    Field("at_once", Kind.YES_NO, _("distribute as soon as it is qualified")),
)


@dataclass(frozen=True, slots=True)
class Terms:
    """What the rules say about one lead, and which version says it."""

    accept_days: int
    contact_days: int
    convert_days: int
    open_cap: int
    match_territory: bool
    match_skills: bool
    at_once: bool
    version: RuleVersion


def register() -> None:
    """Make the kind of rules known; called when the app starts."""
    rules.register_kind(KIND, _("Rules of distribution"), fields=FIELDS, outcomes=OUTCOMES)


def version_in_force() -> RuleVersion:
    """Return the version in force now; a portal without one gets version 1 with the usual figures."""
    try:
        return rules.current(KIND)
    except rules.NoRules:
        body = {"rules": [], "defaults": DEFAULTS}
        return rules.publish(KIND, body, actor=None, note="The usual figures.")


def version_to_read() -> RuleVersion:
    """Return the version in force, or what version 1 will say; nothing is written."""
    try:
        return rules.current(KIND)
    except rules.NoRules:
        body = {"rules": [], "defaults": DEFAULTS}
        return RuleVersion(kind=KIND, number=0, digest="usual", body=body)


def terms_for(lead: "Lead", version: RuleVersion) -> Terms:
    """Decide what the rules of a version say about a lead."""
    granted = rules.ruleset(version).decide(_facts(lead)).outcome
    figure = "contact_days_hot" if lead.rating == Rating.HOT else "contact_days_warm"
    return Terms(
        accept_days=int(granted["accept_days"]),
        contact_days=int(granted[figure]),
        convert_days=int(granted["convert_days"]),
        open_cap=int(granted["open_cap"]),
        match_territory=bool(granted["match_territory"]),
        match_skills=bool(granted["match_skills"]),
        at_once=bool(granted["at_once"]),
        version=version,
    )


def _facts(lead: "Lead") -> dict[str, Any]:
    return {
        "country": lead.country,
        "rating": lead.rating or Rating.WARM,
        "value": Money(lead.value or Decimal(0), lead.currency or portal.current().currency),
        "source": lead.source,
    }
