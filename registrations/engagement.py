"""The rules of engagement: what the vendor's published rules grant a registration.

One rule object decides and explains; a case keeps the version it was decided under. Until a vendor
publishes its own, version 1 with the field's usual figures is in force.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from prm import portal, rules
from prm.money import Money
from prm.rules import Decision, Field, Kind, RuleVersion

if TYPE_CHECKING:
    from registrations.models import Registration

KIND = "registrations.engagement"
MORNING = time(8)
"""When a day's notices leave, in the portal's zone."""
KEPT_DRAFT_DAYS = 60
WARNED_DRAFT_DAYS = 53

DEFAULTS: dict[str, Any] = {
    "protection_days": "90",
    "decision_days": "2",
    "prod_days": "30",
    "notice_days": ["60", "30", "14", "3"],
    "after_days": "1",
}
"""The usual figures of the field, DESIGN section 5; days are calendar days but for the decision's."""

FIELDS = (
    Field("country", Kind.TEXT, _("country of the customer"), path="country"),
    Field("value", Kind.MONEY, _("value"), path="value", currency_path="currency"),
    Field("partner", Kind.TEXT, _("partner"), path="partner__reference"),
    Field("designation", Kind.TEXT, _("designation of the customer"), path="company__designation"),
)
OUTCOMES = (
    Field("protection_days", Kind.NUMBER, _("days of protection")),
    Field("decision_days", Kind.NUMBER, _("business days until the decision")),
    Field("prod_days", Kind.NUMBER, _("days without a sign of life until a reminder")),
    Field("notice_days", Kind.SET, _("days before the end on which a notice goes out")),
    Field("after_days", Kind.NUMBER, _("days after the end on which a last notice goes out")),
)


@dataclass(frozen=True, slots=True)
class Terms:
    """What one registration is granted, and under which version of the rules."""

    protection_days: int
    decision_days: int
    prod_days: int
    notice_days: tuple[int, ...]
    after_days: int
    escalation_days: int
    extension_days: int
    extensions_most: int
    extension_evidence: bool
    open_limit: int
    open_limit_per_win: int
    eligibility: Eligibility
    exclusivity: Exclusivity
    auto_approve: bool
    reviewer: str
    version: RuleVersion
    decision: Decision

    @property
    def prod_every(self) -> timedelta:
        """How long without a touch until the partner is asked."""
        return timedelta(days=self.prod_days)

    def notices_within(self, period: timedelta) -> tuple[int, ...]:
        """The notices that fit into a period, longest first; longer ones are skipped."""
        return tuple(days for days in self.notice_days if timedelta(days=days) < period)


def register() -> None:
    """Make the kind of rules known; called when the app starts."""
    rules.register_kind(KIND, _("Rules of engagement"), fields=FIELDS, outcomes=OUTCOMES)


def version_in_force() -> RuleVersion:
    """Return the version in force now; a portal without one gets version 1 with the usual figures."""
    try:
        return rules.current(KIND)
    except rules.NoRules:
        body = {"rules": [], "defaults": DEFAULTS}
        return rules.publish(KIND, body, actor=None, note="The usual figures.")


def terms_for(row: "Registration", version: RuleVersion | None = None) -> Terms:
    """Decide what a registration is granted: under its own rule version if it has one.

    Nothing is written: a draft in a portal without rules is told what version 1 will grant.
    """
    version = version or row.rules or _version_to_read()
    decision = rules.ruleset(version).decide(_facts(row))
    granted = decision.outcome
    return Terms(
        protection_days=int(granted["protection_days"]),
        decision_days=int(granted["decision_days"]),
        prod_days=int(granted["prod_days"]),
        notice_days=tuple(sorted((int(days) for days in granted["notice_days"]), reverse=True)),
        after_days=int(granted["after_days"]),
        version=version,
        decision=decision,
    )


def _version_to_read() -> RuleVersion:
    try:
        return rules.current(KIND)
    except rules.NoRules:
        body = {"rules": [], "defaults": DEFAULTS}
        return RuleVersion(kind=KIND, number=0, digest="usual", body=body)


def days_before(end: datetime, days: int) -> datetime:
    """Return the local opening of a day a number of days before an end: 8 in the portal's morning."""
    zone = portal.zone()
    day = end.astimezone(zone).date() - timedelta(days=days)
    return datetime.combine(day, MORNING, tzinfo=zone)


def _facts(row: "Registration") -> dict[str, Any]:
    return {
        "country": row.country,
        "value": Money(row.value or Decimal(0), row.currency or portal.current().currency),
        "partner": row.partner.reference,
        "designation": row.company.designation if row.company else "OPEN",
    }
