"""The rules of distribution: what the vendor's published rules say about handing a lead over.

One rule object decides and explains; every distribution keeps the version it was decided under. Until
a vendor publishes its own, version 1 with the usual figures is in force.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from leads.enums import Rating
from prm import countries, portal, rules
from prm.money import Money
from prm.reference import normalise_reference
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

RATINGS = {Rating.HOT.value: _("hot"), Rating.WARM.value: _("warm")}
FIELDS = (
    Field(
        "country",
        Kind.CHOICE,
        _("country of the customer"),
        path="country",
        choices=countries.names,
    ),
    Field("rating", Kind.CHOICE, _("rating"), path="rating", choices=RATINGS),
    Field("value", Kind.MONEY, _("value"), path="value", currency_path="currency"),
    Field("source", Kind.TEXT, _("source"), path="source"),
)
OUTCOMES = (
    Field(
        "accept_days",
        Kind.NUMBER,
        _("working days to accept"),
        phrase=ngettext_lazy(
            "to be accepted within %(value)s working day",
            "to be accepted within %(value)s working days",
            "count",
        ),
        help=_("The partner's own opening hours and holidays count. Then the lead goes to the next."),
        whole=True, least=1, most=60,
    ),
    Field(
        "contact_days_hot",
        Kind.NUMBER,
        _("working days to the first contact, hot"),
        phrase=ngettext_lazy(
            "a hot lead to be contacted within %(value)s working day",
            "a hot lead to be contacted within %(value)s working days",
            "count",
        ),
        whole=True, least=1, most=60,
    ),
    Field(
        "contact_days_warm",
        Kind.NUMBER,
        _("working days to the first contact, warm"),
        phrase=ngettext_lazy(
            "a warm lead to be contacted within %(value)s working day",
            "a warm lead to be contacted within %(value)s working days",
            "count",
        ),
        whole=True, least=1, most=60,
    ),
    Field(
        "convert_days",
        Kind.NUMBER,
        _("days until it should be a deal"),
        phrase=ngettext_lazy(
            "to become a deal within %(value)s day",
            "to become a deal within %(value)s days",
            "count",
        ),
        help=_("Calendar days from the acceptance; then the seller is asked."),
        whole=True, least=1, most=730,
    ),
    Field(
        "open_cap",
        Kind.NUMBER,
        _("open leads a partner may have"),
        phrase=ngettext_lazy(
            "a partner may have %(value)s open lead",
            "a partner may have %(value)s open leads",
            "count",
        ),
        help=_("A partner with as many gets no further one until some are done."),
        whole=True, least=1, most=10_000,
    ),
    Field(
        "match_territory",
        Kind.YES_NO,
        _("only partners of the territory"),
        phrase=_("only for partners of the territory"),
        phrase_no=_("for partners of any territory"),
    ),
    Field(
        "match_skills",
        Kind.YES_NO,
        _("only partners with every skill"),
        phrase=_("only for partners with every skill"),
        phrase_no=_("for partners whatever their skills"),
    ),
    Field(
        "at_once",
        Kind.YES_NO,
        _("distribute as soon as it is qualified"),
        phrase=_("distributed as soon as it is qualified"),
        phrase_no=_("distributed by a person"),
    ),
)  # fmt: skip


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
    rules.register_kind(
        KIND,
        _("Rules of distribution"),
        fields=FIELDS,
        outcomes=OUTCOMES,
        help=_("To whom a qualified lead is offered, and how long the partner has."),
        usual=DEFAULTS,
        sample=sample,
        sample_label=_("Reference of the lead"),
    )


def sample(text: str) -> dict[str, Any] | None:
    """Return what the rules are told about the lead with a reference; None if there is none."""
    try:
        reference = normalise_reference(text)
    except ValueError:
        return None
    lead = apps.get_model("leads", "Lead").objects.filter(reference=reference).first()
    return _facts(lead) if lead else None


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
