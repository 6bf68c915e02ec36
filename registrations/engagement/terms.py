"""What the rules of engagement grant one registration, and under which version.

One rule object decides and explains; a case keeps the version it was decided under, and what it was
granted. Until a vendor publishes its own rules, version 1 with the field's usual figures is in force.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.apps import apps

from prm import clock, portal, rules
from prm.money import Money
from prm.reference import normalise_reference
from prm.rules import Amounts, Decision, RuleVersion
from registrations.engagement.fields import DEFAULTS, KIND
from registrations.enums import Eligibility, Exclusivity

if TYPE_CHECKING:
    from registrations.models import Registration

TITLES = "titles"
"""Beside a stored decision: the names of the rules that matched, per language, as they were then."""


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
    decided_by: Mapping[str, str]

    @property
    def prod_every(self) -> timedelta:
        """How long without a touch until the partner is asked."""
        return timedelta(days=self.prod_days)

    def notices_within(self, period: timedelta) -> tuple[int, ...]:
        """The notices that fit into a period, longest first; longer ones are skipped."""
        return tuple(days for days in self.notice_days if timedelta(days=days) < period)


def version_in_force() -> RuleVersion:
    """Return the version in force now; a portal without one gets version 1 with the usual figures."""
    try:
        return rules.current(KIND)
    except rules.NoRules:
        body = {"rules": [], "defaults": DEFAULTS}
        return rules.publish(KIND, body, actor=None, note="The usual figures.")


def terms_for(row: "Registration", version: RuleVersion | None = None) -> Terms:
    """Return what a registration is granted: what was decided when it was sent, or, for a draft, what
    the rules in force say now.

    Nothing is written: a draft in a portal without rules is told what version 1 will grant.
    """
    if version is None and row.rules is not None and row.trace is not None:
        return _terms(row.trace["outcome"], row.trace["decided_by"], row.rules)
    version = version or row.rules or _version_to_read()
    decision = decide(row, version)
    kept = decision.as_json()
    return _terms(kept["outcome"], kept["decided_by"], version)


def decide(row: "Registration", version: RuleVersion) -> Decision:
    """Return what a version of the rules says about a registration as it stands, with every trace."""
    return rules.ruleset(version).decide(facts_of(row))


def trace_of(decision: Decision) -> dict[str, Any]:
    """Return a decision as it is kept with its case, with the names of the rules that matched."""
    return decision.as_json() | {TITLES: {rule.code: dict(rule.name) for rule in decision.matched}}


def facts_of(row: "Registration") -> dict[str, Any]:
    """Return what rules may ask about a registration, as it stands now."""
    company = row.company
    industry = company.industry if company else None
    tier = row.partner.tier
    return {
        "country": row.country,
        "place": row.place.code if row.place else None,
        "product_lines": frozenset(line.code for line in row.product_lines.all()),
        "value": _amounts(row),
        "expected_close": row.expected_close,
        "stage": row.stage,
        "is_tender": row.is_tender,
        "partner": row.partner.reference,
        "tier": tier.code if tier else None,
        "designation": company.designation if company else "OPEN",
        "industry": industry.code if industry else None,
        "contact_days": row.contact_days,
        "conflicts": row.conflict_count,
    }


def _amounts(row: "Registration") -> Amounts:
    """Return the value as given, and in the portal's currency by the rate of the submission."""
    home = portal.current().currency
    given = Money(row.value or Decimal(0), row.currency or home)
    if row.ledger_number is None:
        return Amounts(given, portal.convert(given))
    return Amounts(given, None if row.home_value is None else Money(row.home_value, home))


def sample(text: str) -> dict[str, Any] | None:
    """Return what the rules are told about the registration with a reference; None if there is none."""
    try:
        reference = normalise_reference(text)
    except ValueError:
        return None
    rows = apps.get_model("registrations", "Registration").objects.exclude(ledger_number=None)
    found = rows.select_related("partner__tier", "company__industry", "place")
    row = found.filter(reference=reference).first()
    return facts_of(row) if row else None


def days_since(day: date | None) -> int | None:
    """Return how many days have passed since a day in the portal's zone; None for no day."""
    return (clock.today(portal.zone()) - day).days if day else None


def _terms(
    outcome: Mapping[str, Any], decided_by: Mapping[str, str], version: RuleVersion
) -> Terms:
    granted = {**DEFAULTS, **outcome}  # a version may be older than an outcome
    return Terms(
        **{name: int(Decimal(granted[name])) for name in _NUMBERS},
        notice_days=tuple(sorted({int(days) for days in granted["notice_days"]}, reverse=True)),
        extension_evidence=bool(granted["extension_evidence"]),
        eligibility=Eligibility(granted["eligibility"]),
        exclusivity=Exclusivity(granted["exclusivity"]),
        auto_approve=bool(granted["auto_approve"]),
        reviewer=str(granted["reviewer"]),
        version=version,
        decided_by=decided_by,
    )


_NUMBERS = (
    "protection_days",
    "decision_days",
    "prod_days",
    "after_days",
    "escalation_days",
    "extension_days",
    "extensions_most",
    "open_limit",
    "open_limit_per_win",
)


def _version_to_read() -> RuleVersion:
    try:
        return rules.current(KIND)
    except rules.NoRules:
        body = {"rules": [], "defaults": DEFAULTS}
        return RuleVersion(kind=KIND, number=0, digest="usual", body=body)
