"""Everybody a lead could go to: partners as candidates, their turns, and the sellers who can be asked.

Loaded in a constant number of queries, under the distribution's lock, and kept true in memory while
several leads are handed over: a batch gives what the same leads give one by one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from django.db.models import Count, Max, Q

from leads.distribution import Candidate, Demand, Line
from leads.engagement import Terms
from leads.enums import HELD_STATES, OfferState, Pick, Reason, State
from leads.models import Distribution, Lead, Offer, Turn
from partners import gates
from partners.enums import Function
from partners.models import Contact, Partner
from partners.selectors import calendar_of
from prm.access import Role
from prm.business_time import Calendar
from users.models import User

NEVER = datetime.min.replace(tzinfo=UTC)
_CLOSED = {
    gates.PROFILE_NEVER: Reason.PROFILE,
    gates.PROFILE_STALE: Reason.PROFILE,
    gates.TERMS: Reason.TERMS,
}


@dataclass(slots=True)
class Seller:
    """Somebody who can be asked, with what decides among several at one partner."""

    user: User
    open_offers: int = 0
    last_offer: datetime = NEVER


@dataclass(slots=True)
class Roster:
    """The candidates of a portal at one instant; `handed` keeps it true from lead to lead."""

    partners: dict[str, Partner]
    candidates: dict[str, Candidate]
    turns: dict[str, Turn]
    sellers: dict[str, list[Seller]]
    number: int
    asked: dict[int, set[str]] = field(default_factory=dict)
    calendars: dict[str, Calendar] = field(default_factory=dict)

    def for_lead(self, lead: Lead) -> list[Candidate]:
        """Return the candidates as this lead sees them: who was asked about it may not be again."""
        asked = self.asked.get(lead.pk, set())
        return [
            replace(each, asked=True) if each.key in asked else each
            for each in self.candidates.values()
        ]

    def pick(self, key: str) -> tuple[User, Pick]:
        """Return whom to ask at a partner, and why it is that one. Raises LookupError for nobody."""
        sellers = self.sellers.get(key, [])
        if not sellers:
            raise LookupError(key)
        if len(sellers) == 1:
            return sellers[0].user, Pick.ONLY
        ordered = sorted(
            sellers, key=lambda s: (s.open_offers, s.last_offer, s.user.name, s.user.pk)
        )
        first, second = ordered[:2]
        if first.open_offers < second.open_offers:
            return first.user, Pick.FEWEST
        return first.user, Pick.LONGEST if first.last_offer < second.last_offer else Pick.NAME

    def calendar(self, key: str) -> Calendar:
        """Return when a partner works; read once."""
        if key not in self.calendars:
            self.calendars[key] = calendar_of(self.partners[key])
        return self.calendars[key]

    def settle(self, lines: Iterable[Line], chosen: str | None) -> list[Turn]:
        """Move credits and turns on after a distribution; return the rows that have changed."""
        changed = []
        for line in lines:
            if line.after == line.credit and line.key != chosen:
                continue
            turn = self.turns[line.key]
            turn.credit = line.after
            if line.key == chosen:
                turn.turned, turn.given = self.number, turn.given + 1
            self.candidates[line.key] = replace(
                self.candidates[line.key], credit=turn.credit, turned=turn.turned
            )
            changed.append(turn)
        return changed

    def handed(self, lead: Lead, key: str, seller: User, at: datetime) -> None:
        """Note that a lead is offered at a partner now."""
        each = self.candidates[key]
        self.candidates[key] = replace(each, open_leads=each.open_leads + 1)
        self.asked.setdefault(lead.pk, set()).add(key)
        for one in self.sellers[key]:
            if one.user.pk == seller.pk:
                one.open_offers, one.last_offer = one.open_offers + 1, at


def demand_of(lead: Lead, terms: Terms) -> Demand:
    """Return what a lead asks of a partner under the rules; uses prefetched lines and skills."""
    return Demand(
        country=lead.country,
        place=lead.place_id,
        products=frozenset(line.pk for line in lead.product_lines.all()),
        skills=frozenset(skill.pk for skill in lead.skills.all()),
        open_cap=terms.open_cap,
        match_territory=terms.match_territory,
        match_skills=terms.match_skills,
    )


def load(leads: Iterable[Lead], at: datetime) -> Roster:
    """Return everybody that leads could go to at an instant; a constant number of queries."""
    partners = {
        partner.reference: partner
        for partner in Partner.objects.all()
        .active()
        .order_by("reference")
        .prefetch_related("territories", "product_lines", "skills", "hours")
    }
    by_pk = {partner.pk: key for key, partner in partners.items()}
    turns = _turns(partners, by_pk)
    sellers = _sellers(by_pk)
    closed = gates.closed(gates.Gate.LEADS, partners.values(), at)
    busy = _open_leads(by_pk)
    candidates = {
        key: Candidate(
            key=key,
            weight=turns[key].weight,
            credit=turns[key].credit,
            turned=turns[key].turned,
            country=partner.country,
            places=frozenset(place.pk for place in partner.territories.all()),
            products=frozenset(line.pk for line in partner.product_lines.all()),
            skills=frozenset(skill.pk for skill in partner.skills.all()),
            closed=tuple(
                dict.fromkeys(_CLOSED.get(r.code, Reason.GATE) for r in closed[partner.pk])
            ),
            open_leads=busy.get(key, 0),
            reachable=bool(sellers.get(key)),
        )
        for key, partner in partners.items()
    }
    last = Distribution.objects.aggregate(last=Max("number"))["last"] or 0
    return Roster(partners, candidates, turns, sellers, last, _asked(leads))


def _turns(partners: Mapping[str, Partner], by_pk: Mapping[int, str]) -> dict[str, Turn]:
    stored = {by_pk[t.partner_id]: t for t in Turn.objects.filter(partner__in=by_pk)}
    return {key: stored.get(key) or Turn(partner=partner) for key, partner in partners.items()}


def _sellers(by_pk: Mapping[int, str]) -> dict[str, list[Seller]]:
    """Sellers who sign in, sell, and are not the principal; the vendor's leads are not for owners."""
    contacts = (
        Contact.objects.all()
        .current()
        .filter(partner__in=by_pk, user__membership__role=Role.SELLER)
        .filter(functions__contains=[Function.SALES])
        .exclude(functions__contains=[Function.PRINCIPAL])
        .select_related("user")
    )
    found: dict[str, list[Seller]] = {}
    people: dict[int, Seller] = {}
    for contact in contacts:
        assert contact.user is not None
        seller = people[contact.user.pk] = Seller(contact.user)
        found.setdefault(by_pk[contact.partner_id], []).append(seller)
    counts: Any = (
        Offer.objects.filter(seller__in=people)
        .values("seller")
        .annotate(last=Max("offered_at"), count=Count("pk", filter=Q(state=OfferState.OFFERED)))
        .order_by()
    )
    for row in counts:
        seller = people[row["seller"]]
        seller.open_offers, seller.last_offer = row["count"], row["last"]
    return found


def _open_leads(by_pk: Mapping[int, str]) -> dict[str, int]:
    rows = (
        Lead.objects.filter(partner__in=by_pk, state__in=[State.OFFERED, *HELD_STATES])
        .values("partner")
        .annotate(count=Count("pk"))
        .order_by()
    )
    return {by_pk[row["partner"]]: row["count"] for row in rows}


def _asked(leads: Iterable[Lead]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    rows = Offer.objects.filter(lead__in=[lead.pk for lead in leads])
    for lead, key in rows.values_list("lead", "partner__reference"):
        found.setdefault(lead, set()).add(key)
    return found
