"""Hand leads over: by turns, one or many, or by hand; and say so when there is nobody."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from leads import engagement, policies, roster, transitions
from leads.distribution import Candidate as Contender
from leads.distribution import Demand, Result, assign, distribute
from leads.engagement import Terms
from leads.enums import Action, Kind, State
from leads.models import Candidate, Distribution, Lead, Offer, Turn
from leads.roster import Roster
from leads.services import notices
from leads.services.core import DISTRIBUTION, Refused, move, record, same_version
from partners.models import Partner
from prm import clock, due, locks
from prm.access import require
from prm.business_time import Calendar, NeverOpen
from prm.reference import new_reference
from prm.rules import RuleVersion
from users.models import User

CHUNK = 20
"""Leads per transaction of a batch: nobody else waits longer for their own than for these."""


class NobodyThere(Refused):
    """The partner has nobody who can take a lead."""

    sentence = _("Nobody at this partner can take a lead: it needs a seller who can sign in.")


@transaction.atomic
def distribute_lead(
    lead: Lead, *, actor: User | None, version: int | None = None
) -> Distribution | None:
    """Offer a qualified lead to the partner whose turn it is; None if it is no longer to be had.

    Stores every candidate's outcome. With nobody eligible the lead stays qualified and the channel
    managers are told why. `actor` None is the system. Raises PermissionDenied, ChangedMeanwhile, Busy.
    """
    require(actor is None or policies.can_distribute(actor))
    rows = _take([lead])
    for row in rows:
        same_version(row, version)
    made = _hand_over(rows, actor)
    return made[0] if made else None


def distribute_many(leads: Iterable[Lead], *, actor: User) -> list[Distribution]:
    """Distribute several leads exactly as one by one, the longest qualified first.

    In transactions of a few leads each; what is no longer to be had is left out. Raises
    PermissionDenied, Busy (what was done before stays done).
    """
    require(policies.can_distribute(actor))
    made: list[Distribution] = []
    for chunk in _chunks(in_order(leads)):
        with transaction.atomic():
            made += _hand_over(_take(chunk), actor)
    return made


def in_order(leads: Iterable[Lead]) -> list[Lead]:
    """Return leads in the order in which a batch hands them over: the longest qualified first."""
    return sorted(leads, key=lambda lead: (lead.qualified_at or clock.now(), lead.pk))


@transaction.atomic
def assign_lead(
    lead: Lead, partner: Partner, *, reason: str, actor: User, version: int | None = None
) -> Distribution:
    """Offer a qualified lead to a partner that a person chose, for a reason that is kept.

    It counts as the partner's turn. Raises PermissionDenied, ChangedMeanwhile, InvalidTransition,
    NobodyThere, Refused (no such candidate, no reason), Busy.
    """
    require(policies.can_distribute(actor))
    if not reason.strip():
        raise Refused(_("Say why this partner, in a few words."))
    (row,) = _take([lead], states=list(State))
    same_version(row, version)
    transitions.target(State(row.state), Action.OFFER)
    team = roster.load([row], clock.now())
    if partner.reference not in team.candidates:
        raise Refused(_("This partner cannot get leads now."))
    if not team.sellers.get(partner.reference):
        raise NobodyThere
    terms = engagement.terms_for(row, engagement.version_in_force())
    demand = roster.demand_of(row, terms)
    result = assign(demand, team.for_lead(row), partner.reference)
    return _store(row, team, terms, demand, result, Kind.HAND, actor, reason.strip()[:300])


def preview(leads: Sequence[Lead]) -> list[tuple[Lead, Result, Partner | None]]:
    """Return what distributing these leads now would do, in order; nothing is written."""
    ordered = in_order(leads)
    now, version = clock.now(), engagement.version_to_read()
    team = roster.load(ordered, now)
    found: list[tuple[Lead, Result, Partner | None]] = []
    for lead in ordered:
        terms = engagement.terms_for(lead, version)
        result = distribute(roster.demand_of(lead, terms), team.for_lead(lead))
        team.number += 1
        team.settle(result.lines, result.chosen)
        if result.chosen:
            seller, _why = team.pick(result.chosen)
            team.handed(lead, result.chosen, seller, now)
        found.append((lead, result, team.partners[result.chosen] if result.chosen else None))
    return found


def deadline(calendar: Calendar, at: datetime, days: int) -> datetime:
    """Return the instant some working days later; of somebody who is never open, in plain days."""
    try:
        return calendar.add_days(at, days)
    except NeverOpen:
        return at + timedelta(days=days)


def _take(leads: Sequence[Lead], states: Sequence[State] = (State.QUALIFIED,)) -> list[Lead]:
    """Lock the distribution, then the leads by id; return those still in the states, in order."""
    locks.hold(DISTRIBUTION)
    locks.row_timeout()
    rows = (
        Lead.objects.select_for_update(of=("self",))
        .filter(pk__in=[lead.pk for lead in leads], state__in=states)
        .prefetch_related("product_lines", "skills")
        .order_by("pk")
    )
    return in_order(rows)


def _hand_over(rows: Sequence[Lead], actor: User | None) -> list[Distribution]:
    if not rows:
        return []
    version = engagement.version_in_force()
    team = roster.load(rows, clock.now())
    return [_by_turns(row, team, version, actor) for row in rows]


def _by_turns(row: Lead, team: Roster, version: RuleVersion, actor: User | None) -> Distribution:
    terms = engagement.terms_for(row, version)
    demand = roster.demand_of(row, terms)
    result = distribute(demand, team.for_lead(row))
    return _store(row, team, terms, demand, result, Kind.TURN, actor, "")


def _store(
    row: Lead,
    team: Roster,
    terms: Terms,
    demand: Demand,
    result: Result,
    kind: Kind,
    actor: User | None,
    reason: str,
) -> Distribution:
    """Write a distribution with its candidates, move the turns on, and make the offer."""
    now = clock.now()
    contenders = {each.key: each for each in team.for_lead(row)}
    team.number += 1
    made = Distribution.objects.create(
        lead=row,
        number=team.number,
        kind=kind,
        rules=terms.version,
        demand=_plain(asdict(demand)),
        chosen=team.partners[result.chosen] if result.chosen else None,
        by=actor,
        reason=reason,
        at=now,
    )
    Candidate.objects.bulk_create(_rows(made, team, result, contenders))
    _write_turns(team.settle(result.lines, result.chosen), now)
    if result.chosen is None:
        record("nobody", row, actor=actor, data={"number": made.number})
        notices.nobody(row, made, result)
        return made
    _offer(row, team, terms, made, result.chosen, actor, now)
    return made


def _offer(
    row: Lead,
    team: Roster,
    terms: Terms,
    made: Distribution,
    key: str,
    actor: User | None,
    now: datetime,
) -> Offer:
    """Offer the lead to one seller of the chosen partner, until its working days have passed."""
    seller, pick = team.pick(key)
    partner = team.partners[key]
    offer = Offer.objects.create(
        reference=new_reference("O"),
        lead=row,
        distribution=made,
        number=row.offers.count() + 1,
        partner=partner,
        seller=seller,
        pick=pick,
        offered_at=now,
        expires_at=deadline(team.calendar(key), now, terms.accept_days),
    )
    team.handed(row, key, seller, now)
    move(row, Action.OFFER, partner=partner, seller=seller)
    subject = str(row.uid)
    due.cancel_subject(subject)
    due.schedule("leads.offer-end", str(offer.uid), offer.expires_at, subject=subject)
    record(
        "offered",
        row,
        actor=actor,
        data={"offer": offer.reference, "partner": partner.reference, "kind": str(made.kind)},
        private={"partner": partner.name, "person": seller.name, "reason": made.reason},
    )
    notices.offered(offer)
    return offer


def _rows(
    made: Distribution, team: Roster, result: Result, contenders: dict[str, Contender]
) -> list[Candidate]:
    return [
        Candidate(
            distribution=made,
            partner=team.partners[line.key],
            position=position,
            outcome=line.outcome,
            reasons=[reason.value for reason in line.reasons],
            rank=line.rank,
            weight=line.weight,
            credit=line.credit,
            turned=line.turned,
            share=line.share,
            after=line.after,
            facts=_facts(contenders[line.key]),
        )
        for position, line in enumerate(result.lines, 1)
    ]


def _facts(each: Contender) -> dict[str, Any]:
    """Return what the rules looked at, so that the outcome can be computed again."""
    return {
        "country": each.country,
        "places": sorted(each.places),
        "products": sorted(each.products),
        "skills": sorted(each.skills),
        "closed": [reason.value for reason in each.closed],
        "open_leads": each.open_leads,
        "asked": each.asked,
        "reachable": each.reachable,
    }


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {n: sorted(v) if isinstance(v, frozenset) else v for n, v in values.items()}


def _write_turns(turns: Sequence[Turn], at: datetime) -> None:
    for turn in turns:
        turn.created_at = turn.created_at or at
        turn.updated_at = at
    Turn.objects.bulk_create(
        [Turn(**{f.attname: getattr(t, f.attname) for f in _KEPT}) for t in turns],
        update_conflicts=True,
        unique_fields=["partner"],
        update_fields=["credit", "turned", "given", "updated_at"],
    )


_KEPT = [field for field in Turn._meta.concrete_fields if not field.primary_key]


def _chunks(leads: Sequence[Lead]) -> Iterable[Sequence[Lead]]:
    for start in range(0, len(leads), CHUNK):
        yield leads[start : start + CHUNK]
