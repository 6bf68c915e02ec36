"""The demo's leads: six weeks of calls, hand-overs, answers and what came of them, in order of time."""

import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils.text import slugify

from leads import selectors, services
from leads.enums import Check, DeclineCode, DisqualifyCode, LostCode, Rating
from leads.models import Lead, Offer
from prm.access import Audience
from registrations import services as deals
from registrations.enums import CloseCode
from registrations.models import Registration
from tenants.demo import catalog
from tenants.demo.people import Cast
from tenants.demo.plans import Plan
from tenants.demo.travel import Agenda
from users.models import User

STEMS = (
    "Aldgate", "Barrowby", "Coldstream", "Dovecote", "Eskdale", "Farleigh", "Gatwold", "Hexworth",
    "Inglewick", "Jarrowby", "Kelmscott", "Lyndhurst", "Maplin", "Netherby", "Orrell", "Pagham",
    "Quernmore", "Ryedale", "Saltmarsh", "Tarleton", "Ulverby", "Velindre", "Wragby", "Yatton",
)  # fmt: skip
TRADES = {
    "acme": ("Bakeries", "Furniture", "Instruments"),
    "globex": ("Gießerei", "Möbelwerk", "Messtechnik"),
}
COUNTRIES = {"acme": ("US", "US", "US", "US", "CA", "GB"), "globex": ("DE", "DE", "DE", "AT", "CH")}
NEEDS = (
    "Has outgrown its present system and wants to replace it this year.",
    "Opens a second site and needs the same there.",
    "Wants to see the product before the budget is decided.",
    "The present supplier has stopped; a replacement is urgent.",
)
PEOPLE = (
    "Dana Whitlock",
    "Erik Sandberg",
    "Farah Nasser",
    "Gil Romano",
    "Helen Marsh",
    "Ivo Petrov",
)
SOURCES = ("Spring trade fair", "Website form", "Call campaign")
FATES: tuple[tuple[str, int], ...] = (
    ("new", 3),
    ("qualifying", 3),
    ("waiting", 6),
    ("nobody", 2),
    ("disqualified", 6),
    ("open", 6),
    ("declined", 6),
    ("timed out", 5),
    ("withdrawn", 2),
    ("accepted", 5),
    ("contacted", 5),
    ("working", 4),
    ("converted", 7),
    ("won", 3),
    ("lost", 5),
)
"""What becomes of leads, and how many of each in the larger portal."""


@dataclass(slots=True)
class Call:
    """One lead on its way: what becomes of it, and the row once there is one."""

    fate: str
    number: int
    company: str
    row: Lead | None = None


@dataclass(slots=True)
class LeadStory:
    """Writes one portal's leads into its agenda; the same story every time."""

    plan: Plan
    cast: Cast
    agenda: Agenda
    present: datetime
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.plan.seed + 7)  # noqa: S311 - a story, not a secret

    def write(self) -> None:
        """Plan every lead, and on the first day the weights that shape the shares."""
        self._at(46, self._prepare)
        share = 1.0 if self.plan.registrations > 200 else 0.75
        number = 0
        for fate, count in FATES:
            for _each in range(max(1, round(count * share))):
                self._plan(Call(fate, number, self._name(number)))
                number += 1

    def _plan(self, call: Call) -> None:
        days = {"open": 0.9, "waiting": 3.0, "nobody": 2.0, "new": 1.0, "qualifying": 2.0}
        ago = days.get(call.fate) or self.chance.uniform(12, 40)
        if call.fate in {"accepted", "contacted", "working"}:
            ago = self.chance.uniform(6, 14)
        self._at(ago, lambda: self._enter(call))
        if call.fate in {"new", "qualifying", "waiting"}:
            return
        if call.fate == "disqualified":
            self._at(ago - 0.05, lambda: self._disqualify(call))
            return
        self._at(ago - 0.1, lambda: self._hand_out(call))
        acts = {"open": (), "nobody": (), "timed out": ((7.0, self._accept),)}.get(
            call.fate, ((0.3, self._answer),)
        )
        for later, act in (*acts, *self._later(call)):
            self._do(ago - 0.1 - later, act, call)

    def _later(self, call: Call) -> tuple[tuple[float, Callable[[Call], None]], ...]:
        """What follows an answer."""
        after = (1.2, self._contact)
        deal, approved = (2.0, self._deal), (3.3, self._approve)
        return {
            "declined": (after, deal, approved),
            "timed out": ((8.0, self._contact), (9.0, self._deal), (10.2, self._approve)),
            "contacted": (after,),
            "working": (after, (2.0, self._draft)),
            "converted": (after, deal, approved),
            "won": (after, deal, approved, (5.0, self._win)),
            "lost": (after, (4.0, self._lose)),
        }.get(call.fate, ())

    def _do(self, ago: float, act: Callable[[Call], None], call: Call) -> None:
        self._at(ago, lambda: act(call))

    def _at(self, days_ago: float, step: Callable[[], None]) -> None:
        self.agenda.add(self.present - timedelta(days=days_ago), step)

    # --- acts -----------------------------------------------------------------------------------

    def _prepare(self) -> None:
        """Give the personas' partners a larger share."""
        for partner in self.cast.partners[:2]:
            services.set_weight(partner, 30, actor=self.cast.referee)

    def _enter(self, call: Call) -> None:
        agent = self._agent()
        country = self.chance.choice(COUNTRIES[self.plan.schema])
        country = {"nobody": "JP", "open": self.plan.country}.get(call.fate, country)
        person = self.chance.choice(PEOPLE)
        domain = f"{slugify(call.company)}.example"
        lead = services.start_lead(self._token(), actor=agent)
        lead = services.save_lead(
            lead,
            {
                "company_name": call.company,
                "website": domain,
                "country": country,
                "contact_name": "" if call.fate == "new" else person,
                "contact_email": f"{person.split()[0].lower()}@{domain}",
                "contact_phone": f"+1 555 01{self.chance.randint(10, 99)}",
                "address": f"{self.chance.randint(1, 90)} Market Street",
                "need": self.chance.choice(NEEDS),
                "value": Decimal(self.chance.randint(4, 60) * 1_000),
                "currency": self.plan.currency,
                "source": self.chance.choice(SOURCES),
                "consent": "Agreed on the telephone",
            },
            actor=agent,
            product_lines=[self.chance.choice(catalog.lines())],
        )
        call.row = lead
        if call.fate == "new":
            return
        services.begin_qualifying(lead, actor=agent)
        if call.fate in {"qualifying", "disqualified"}:
            return
        checks = [Check.NEED, *self.chance.sample([Check.BUDGET, Check.DECIDER, Check.TIME], 2)]
        rating = self.chance.choice((Rating.HOT, Rating.WARM, Rating.WARM))
        services.qualify_lead(lead, checks=checks, rating=rating, actor=agent)

    def _disqualify(self, call: Call) -> None:
        code = self.chance.choice(list(DisqualifyCode))
        services.disqualify_lead(self._row(call), code, actor=self._agent())

    def _hand_out(self, call: Call) -> None:
        """By turns; of the offers that wait now, one each is for the personas' partners."""
        row, manager = self._row(call), self.cast.referee
        known = {0: 0, 1: 1}.get(call.number - self._first("open")) if call.fate == "open" else None
        if known is None:
            services.distribute_lead(row, actor=manager)
        else:
            partner = self.cast.partners[known]
            reason = "They look after this customer's parent company"
            services.assign_lead(row, partner, reason=reason, actor=manager)

    def _first(self, fate: str) -> int:
        share = 1.0 if self.plan.registrations > 200 else 0.75
        before = 0
        for each, count in FATES:
            if each == fate:
                break
            before += max(1, round(count * share))
        return before

    def _answer(self, call: Call) -> None:
        """Decline, withdraw, or accept, as the lead's fate wants it."""
        offer = self._offer(call)
        if offer is None:
            return
        if call.fate == "declined":
            code = self.chance.choice(
                [DeclineCode.NO_TIME, DeclineCode.TOO_SMALL, DeclineCode.TOO_FAR]
            )
            services.decline_offer(offer, code, actor=offer.seller)
            self._at_once(call)
        elif call.fate == "withdrawn":
            services.withdraw_offer(
                offer, reason="The customer has called it off", actor=self.cast.referee
            )
            services.disqualify_lead(
                self._row(call), DisqualifyCode.NOT_YET, actor=self.cast.referee
            )
        else:
            services.accept_offer(offer, actor=offer.seller)

    def _at_once(self, call: Call) -> None:
        """The next partner takes what the first one declined."""
        services.distribute_lead(self._row(call), actor=None)
        self._accept(call)

    def _accept(self, call: Call) -> None:
        """Whoever has it now accepts; an offer whose time is just over goes on first."""
        offer = self._offer(call)
        if offer is not None and services.time_out(offer):
            self._at_once(call)
        elif offer is not None and offer.is_open:
            services.accept_offer(offer, actor=offer.seller)

    def _contact(self, call: Call) -> None:
        if (offer := self._held(call)) is not None:
            services.mark_contacted(offer, actor=offer.seller)

    def _draft(self, call: Call) -> None:
        if (offer := self._held(call)) is not None:
            services.make_deal(offer, actor=offer.seller)

    def _deal(self, call: Call) -> None:
        """Register the deal that it has become."""
        offer = self._held(call)
        if offer is None:
            return
        close = date(self.present.year + 1, self.chance.randint(1, 12), 1)
        draft = services.make_deal(offer, actor=offer.seller)
        deals.save_draft(draft, {"expected_close": close}, actor=offer.seller)
        deals.submit_registration(Registration.objects.get(pk=draft.pk), actor=offer.seller)

    def _approve(self, call: Call) -> None:
        """Decide the deal that a lead has become, within the promised time."""
        row = self._row(call)
        if row.registration is not None:
            referee = self.cast.referee
            deal = deals.confirm_customer(row.registration, None, actor=referee)
            deals.approve_registration(deal, actor=referee, overrule=True)

    def _win(self, call: Call) -> None:
        row = self._row(call)
        if row.registration is not None and row.seller is not None:
            deals.close_registration(row.registration, CloseCode.WON, actor=row.seller)

    def _lose(self, call: Call) -> None:
        if (offer := self._held(call)) is not None:
            code = self.chance.choice(list(LostCode))
            services.lose_lead(offer, code, actor=offer.seller)

    def collide(self) -> None:
        """Two leads that a partner works on, and a rival who registers a deal at the same customer."""
        held = Lead.objects.filter(state__in=["CONTACTED", "ACCEPTED"]).order_by("pk")[:2]
        for lead in held:
            rival = next(p for p in self.cast.partners[:3] if p.pk != lead.partner_id)
            seller = self.cast.sellers[rival.pk][0]
            draft = deals.start_draft(self._token(), actor=seller)
            deals.save_draft(
                draft,
                {
                    "company_name": lead.company_name,
                    "website": lead.website,
                    "country": lead.country,
                    "value": lead.value,
                    "currency": lead.currency,
                    "expected_close": date(self.present.year + 1, 3, 1),
                    "stage": "QUALIFIED",
                },
                actor=seller,
                product_lines=lead.product_lines.all(),
            )
            deals.submit_registration(Registration.objects.get(pk=draft.pk), actor=seller)

    # --- chance ---------------------------------------------------------------------------------

    def _agent(self) -> User:
        return User.objects.get(audience=Audience.AGENT)

    def _row(self, call: Call) -> Lead:
        assert call.row is not None
        return Lead.objects.select_related("registration__company", "seller").get(pk=call.row.pk)

    def _offer(self, call: Call) -> Offer | None:
        return selectors.current_offer(self._row(call))

    def _held(self, call: Call) -> Offer | None:
        offer = self._offer(call)
        return offer if offer is not None and offer.is_held else None

    def _name(self, number: int) -> str:
        trades = TRADES[self.plan.schema]
        return f"{STEMS[number % len(STEMS)]} {trades[number // len(STEMS) % len(trades)]}"

    def _token(self) -> uuid.UUID:
        return uuid.UUID(int=self.chance.getrandbits(128), version=4)
