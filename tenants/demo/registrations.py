"""The demo's deals: a hundred days of registering, deciding, touching, closing, in order of time."""

import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from catalog.models import ProductLine
from companies.enums import Designation
from partners.models import Partner
from registrations import services
from registrations.enums import CloseCode, DeclineCode, LostReason, Stage, TouchKind
from registrations.models import Registration
from tenants.demo import catalog
from tenants.demo.companies import Customer
from tenants.demo.fates import FATES, RIVALS, Fate
from tenants.demo.people import Cast
from tenants.demo.plans import Plan
from tenants.demo.travel import Agenda
from users.models import User

CONTACTS = ("Robin Hale", "Jamie Lund", "Alex Moreno", "Kim Novak", "Toni Brandt", "Chris Fields")
COMPETITORS = ("", "Northwind Suite", "", "Contoso Works", "")
DECLINES = (
    (DeclineCode.NOT_AVAILABLE, "Another team has been working with this customer for some time."),
    (DeclineCode.NOT_ELIGIBLE, "The smallest deal the programme covers is larger than this one."),
    (DeclineCode.INCOMPLETE, "We asked for the buyer's name and did not hear back."),
    (DeclineCode.DIRECT, "Our own sales team looks after this customer."),
)
STAGES = (Stage.QUALIFIED, Stage.PROPOSAL, Stage.NEGOTIATION, Stage.COMMITTED)


@dataclass(slots=True)
class Deal:
    """One registration on its way: who, for whom, and the row once there is one."""

    seller: User
    partner: Partner
    customer: Customer
    spelling: str
    website: str
    like: "Deal | None" = None  # what it collides with: same product lines
    row: Registration | None = None


@dataclass(slots=True)
class Story:
    """Writes one portal's agenda; the seed of chance is fixed, so it is the same story every time."""

    plan: Plan
    cast: Cast
    agenda: Agenda
    present: datetime
    free: list[Customer]
    chance: random.Random = field(init=False)
    protected: list[Deal] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.plan.seed + 2)  # noqa: S311 - a story, not a secret
        self.chance.shuffle(self.free)

    def write(self) -> None:
        """Plan every deal: first those with customers of their own, then those that collide."""
        for fate, share in FATES:
            for _number in range(round(share * self.plan.registrations)):
                self._plan_one(fate)
        for kind, share in RIVALS:
            for _number in range(round(share * self.plan.conflicts)):
                self._plan_rival(kind)

    def _plan_one(self, fate: Fate) -> None:
        customer = self._open_customer()
        seller, partner = self._seller()
        deal = Deal(seller, partner, customer, customer.name, self._website(customer))
        begin = self._working_time(self.chance.uniform(*fate.days_ago))
        self.agenda.add(begin, lambda: self._begin(deal, fate, begin))
        if fate.is_protected:
            self.protected.append(deal)

    def _begin(self, deal: Deal, fate: Fate, at: datetime) -> None:
        """Type the deal in; send it unless it stays a draft; then let its fate follow."""
        self._type(deal)
        if fate.sends:
            assert deal.row is not None
            deal.row = services.submit_registration(deal.row, actor=deal.seller)
        when = at
        for act in fate.acts:
            when += timedelta(hours=self.chance.uniform(*act.hours_later))
            self._follow(deal, act.name, when)

    def _follow(self, deal: Deal, name: str, at: datetime) -> None:
        does: Callable[[Deal], None] = getattr(self, f"_{name}")
        self.agenda.add(at, lambda: does(deal))

    def _plan_rival(self, kind: str) -> None:
        """Plan a deal that collides with something and waits for the referee."""
        if kind in {"protected", "own"}:
            held = self.protected.pop(self.chance.randrange(len(self.protected)))
            seller, partner = held.seller, held.partner
            if kind == "protected":
                seller, partner = self._seller(besides=held.partner)
            self._plan_waiting(self._other_spelling(seller, partner, held.customer, held))
            return
        seller, partner = self._seller()
        customer = self._open_customer() if kind == "pending" else self._designated(kind)
        first = self._other_spelling(seller, partner, customer, None)
        begin = self._plan_waiting(first)
        if kind == "pending":
            seller, partner = self._seller(besides=partner)
            second = self._other_spelling(seller, partner, customer, first)
            later = begin + timedelta(hours=self.chance.uniform(1, 20))
            at = min(later, self.present - timedelta(minutes=10))
            self.agenda.add(at, lambda: self._send(second))

    def _other_spelling(
        self, seller: User, partner: Partner, customer: Customer, like: Deal | None
    ) -> Deal:
        """Return a deal typed in a hurry: the name written differently, no website."""
        return Deal(seller, partner, customer, self.chance.choice(customer.spellings), "", like)

    def _plan_waiting(self, deal: Deal) -> datetime:
        """Plan a deal that nobody has decided yet; return when it is sent."""
        begin = self._working_time(self.chance.uniform(0.2, 2.5))
        self.agenda.add(begin, lambda: self._send(deal))
        return begin

    def _send(self, deal: Deal) -> None:
        self._type(deal)
        assert deal.row is not None
        deal.row = services.submit_registration(deal.row, actor=deal.seller)

    # --- what happens to a deal; each is one service -------------------------------------------

    def _type(self, deal: Deal) -> None:
        row = services.start_draft(
            uuid.UUID(int=self.chance.getrandbits(128), version=4), actor=deal.seller
        )
        contact = self.chance.choice(CONTACTS)
        deal.row = services.save_draft(
            row,
            {
                "company_name": deal.spelling,
                "website": deal.website,
                "country": deal.customer.country,
                "value": Decimal(round(self.chance.lognormvariate(10.6, 0.8), -2)).quantize(
                    Decimal("0.01")
                ),
                "currency": self.plan.currency,
                "expected_close": self._month(self.chance.randint(1, 7)),
                "stage": Stage.PROSPECT,
                "competitor": COMPETITORS[len(deal.spelling) % len(COMPETITORS)],
                "contact_name": contact,
                "contact_email": f"{contact.split()[0].lower()}@{deal.customer.domain}",
            },
            product_lines=self._lines(deal),
            actor=deal.seller,
        )

    def _take(self, deal: Deal) -> None:
        services.take_registration(self._row(deal), actor=self.cast.referee)

    def _ask(self, deal: Deal) -> None:
        question = "Who signs at the customer, and when did you last speak to them?"
        services.ask_for_more(
            self._row(deal),
            question=question,
            open_fields=("contact_name", "contact_email", "expected_close", "evidence"),
            actor=self.cast.referee,
        )

    def _answer(self, deal: Deal) -> None:
        text = "The head of operations; we met last week."
        services.answer_question(self._row(deal), answer=text, actor=deal.seller)

    def _approve(self, deal: Deal) -> None:
        row = services.confirm_customer(self._row(deal), None, actor=self.cast.referee)
        services.approve_registration(row, actor=self.cast.referee, overrule=True)

    def _reject(self, deal: Deal) -> None:
        code, note = self.chance.choice(DECLINES)
        services.reject_registration(self._row(deal), code=code, note=note, actor=self.cast.referee)

    def _withdraw(self, deal: Deal) -> None:
        reason = "The customer bought nothing."
        services.withdraw_registration(self._row(deal), actor=deal.seller, reason=reason)

    def _touch(self, deal: Deal) -> None:
        if self._is_running(deal):
            kind = self.chance.choice((TouchKind.MAIL, TouchKind.PAGE))
            services.touch_registration(self._row(deal), kind=kind, actor=deal.seller)

    def _stage(self, deal: Deal) -> None:
        if self._is_running(deal):
            services.move_stage(self._row(deal), self.chance.choice(STAGES), actor=deal.seller)

    def _win(self, deal: Deal) -> None:
        self._close(deal, CloseCode.WON)

    def _lose(self, deal: Deal) -> None:
        self._close(deal, CloseCode.LOST)

    def _release(self, deal: Deal) -> None:
        self._close(deal, CloseCode.RELEASED)

    def _invite_rival(self, deal: Deal) -> None:
        """Let another partner come second and be put in line."""
        seller, partner = self._seller(besides=deal.partner)
        rival = Deal(seller, partner, deal.customer, deal.customer.name, deal.customer.domain)
        self._type(rival)
        assert rival.row is not None
        assert deal.row is not None
        services.save_draft(rival.row, {}, product_lines=deal.row.product_lines.all(), actor=seller)
        rival.row = services.submit_registration(rival.row, actor=seller)
        services.queue_registration(rival.row, actor=self.cast.referee)

    # --- chance ---------------------------------------------------------------------------------

    def _close(self, deal: Deal, code: CloseCode) -> None:
        if self._is_running(deal):
            reasons = list(LostReason)
            lost = reasons[len(deal.spelling) % len(reasons)] if code == CloseCode.LOST else None
            services.close_registration(self._row(deal), code, actor=deal.seller, lost_because=lost)

    def _is_running(self, deal: Deal) -> bool:
        return self._row(deal).state == "APPROVED"

    def _row(self, deal: Deal) -> Registration:
        assert deal.row is not None
        return Registration.objects.select_related("company").get(pk=deal.row.pk)

    def _seller(self, besides: Partner | None = None) -> tuple[User, Partner]:
        """Pick a partner, the personas' ones three times as often, and one of its people."""
        known, others = self.cast.partners[:2], self.cast.partners[2:]
        pool = [partner for partner in known * 3 + others if partner != besides]
        partner = self.chance.choice(pool)
        return self.chance.choice(self.cast.sellers[partner.pk]), partner

    def _open_customer(self) -> Customer:
        at = next(i for i, c in enumerate(self.free) if c.designation == Designation.OPEN)
        return self.free.pop(at)

    def _designated(self, kind: str) -> Customer:
        wanted = Designation.VENDOR_DIRECT if kind == "direct" else Designation.RESTRICTED
        at = next(i for i, c in enumerate(self.free) if c.designation == wanted)
        return self.free.pop(at)

    def _website(self, customer: Customer) -> str:
        return customer.domain if self.chance.random() < 0.8 else ""

    def _working_time(self, days_ago: float) -> datetime:
        """Return a moment of a working day about that long ago; never in the future."""
        moment = (self.present - timedelta(days=days_ago)).astimezone(ZoneInfo(self.plan.zone))
        while moment.weekday() > 4:
            moment -= timedelta(days=1)
        hour = time(self.chance.randint(8, 17), self.chance.randint(0, 59))
        working = datetime.combine(moment.date(), hour, tzinfo=moment.tzinfo)
        return min(working, self.present - timedelta(minutes=self.chance.randint(20, 90)))

    def _lines(self, deal: Deal) -> list[ProductLine]:
        """Pick one or two of the partner's product lines, or those of the deal it collides with."""
        if deal.like is not None and deal.like.row is not None:
            return list(deal.like.row.product_lines.all())
        held = list(deal.partner.product_lines.all()) or catalog.lines()
        return self.chance.sample(held, min(len(held), self.chance.choice((1, 1, 2))))

    def _month(self, ahead: int) -> date:
        """Return the first of a month some months ahead."""
        months = self.present.year * 12 + self.present.month - 1 + ahead
        return date(months // 12, months % 12 + 1, 1)
