"""Reads about leads that join, aggregate or return values."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from leads.distribution import TURN, Demand, Line, Result, assign, distribute
from leads.distribution import Candidate as Contender
from leads.enums import Kind, OfferState, Outcome, Reason
from leads.models import Candidate, Distribution, Lead, Offer, Turn
from partners.models import Partner
from registrations.claims import claims_at
from registrations.conflicts import Claim
from users.models import User

REQUIRED = ("company_name", "country", "contact_name", "need", "consent")
"""What a lead cannot do without, besides a product line and a way to reach the customer."""


def missing_fields(row: Lead) -> list[str]:
    """Return the names of required fields that are empty, in the order of the form."""
    missing = [name for name in REQUIRED if not getattr(row, name)]
    if not (row.contact_email or row.contact_phone):
        missing.append("contact_email")
    if not row.product_lines.exists():
        missing.append("product_lines")
    return missing


def staff_list(user: User) -> QuerySet[Lead]:
    """Return the leads that staff may know of, with what their list shows."""
    return Lead.objects.visible_to(user).select_related("partner", "seller", "agent", "place")


def offers_of(user: User) -> QuerySet[Offer]:
    """Return the offers of a person's own partner with their leads, for its list."""
    return Offer.objects.visible_to(user).select_related("lead", "seller")


def waiting_for(user: User) -> QuerySet[Offer]:
    """Return the offers that wait for an answer of a person's partner, the most urgent first."""
    rows = Offer.objects.all().visible_to(user).open().select_related("lead")
    return rows.order_by("expires_at", "pk")


def current_offer(row: Lead) -> Offer | None:
    """Return the open or accepted offer of a lead, or None."""
    states = (OfferState.OFFERED, OfferState.ACCEPTED)
    return (
        Offer.objects.filter(lead=row, state__in=states)
        .select_related("partner", "seller", "lead")
        .first()
    )


def offers_made(row: Lead) -> QuerySet[Offer]:
    """Return every offer of a lead, newest first; for staff."""
    return (
        Offer.objects.filter(lead=row)
        .select_related("partner", "seller", "distribution")
        .order_by("-number")
    )


def last_distribution(row: Lead) -> Distribution | None:
    """Return a lead's newest distribution with who did it and under which rules."""
    return (
        Distribution.objects.filter(lead=row)
        .select_related("rules", "by", "chosen")
        .order_by("-number")
        .first()
    )


def candidates_of(made: Distribution) -> QuerySet[Candidate]:
    """Return a distribution's candidates in order, with their partners."""
    return (
        Candidate.objects.filter(distribution=made).select_related("partner").order_by("position")
    )


def replayed(made: Distribution) -> Result:
    """Compute a distribution again from what was stored with it."""
    asked: dict[str, Any] = made.demand
    sets = {name: frozenset(ids) for name, ids in asked.items() if isinstance(ids, list)}
    demand = Demand(**{**asked, **sets})
    contenders = [_contender(each) for each in candidates_of(made)]
    if made.kind == Kind.HAND:
        assert made.chosen is not None
        return assign(demand, contenders, made.chosen.reference)
    return distribute(demand, contenders)


def replays(made: Distribution) -> bool:
    """Return whether what was stored gives the outcome that was stored."""
    return list(replayed(made).lines) == [_line(each) for each in candidates_of(made)]


def _contender(each: Candidate) -> Contender:
    facts: dict[str, Any] = each.facts
    return Contender(
        key=each.partner.reference,
        weight=each.weight,
        credit=each.credit,
        turned=each.turned,
        country=facts["country"],
        places=frozenset(facts["places"]),
        products=frozenset(facts["products"]),
        skills=frozenset(facts["skills"]),
        closed=tuple(Reason(code) for code in facts["closed"]),
        open_leads=facts["open_leads"],
        asked=facts["asked"],
        reachable=facts["reachable"],
    )


def _line(each: Candidate) -> Line:
    return Line(
        key=each.partner.reference,
        outcome=Outcome(each.outcome),
        reasons=tuple(Reason(code) for code in each.reasons),
        rank=each.rank,
        weight=each.weight,
        credit=each.credit,
        turned=each.turned,
        share=each.share,
        after=each.after,
    )


@dataclass(frozen=True, slots=True)
class Share:
    """A partner's turns: what its weight promises of the leads it could have got, and what it got."""

    partner: Partner
    weight: int
    expected: float
    given: int
    accepted: int
    open: int

    @property
    def difference(self) -> float:
        """How many turns it is ahead (+) or behind (-)."""
        return self.given - self.expected


def shares() -> list[Share]:
    """Return every active partner's turns, by name; two queries."""
    turns = {turn.partner_id: turn for turn in Turn.objects.all()}
    waiting = Count("offers", filter=Q(offers__state=OfferState.OFFERED))
    partners = Partner.objects.all().active().annotate(waiting=waiting).order_by("name")
    found = []
    for partner in partners:
        turn = turns.get(partner.pk) or Turn(partner=partner)
        expected = turn.given + turn.credit / TURN
        waits: int = partner.waiting  # type: ignore[attr-defined]
        found.append(Share(partner, turn.weight, expected, turn.given, turn.accepted, waits))
    return found


def others_at(row: Lead, at: datetime) -> list[Claim]:
    """Return what partners claim already at the lead's customer; for staff."""
    if row.company_id is None:
        return []
    claims = claims_at({row.company_id}, at, besides=row.registration_id or 0)
    return [claim for claim in claims if claim.registration is not None]
