"""Leads, their offers, and how each was distributed."""

import uuid
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from catalog.models import ProductLine, Skill, Territory
from companies.models import Company
from leads.enums import (
    AGENT_STATES,
    HELD_STATES,
    Check,
    DeclineCode,
    DisqualifyCode,
    Kind,
    LostCode,
    OfferState,
    Outcome,
    Pick,
    Rating,
    Reason,
    State,
)
from partners.models import Partner
from partners.selectors import partner_of
from prm.access import Audience
from prm.models import RuleVersion
from prm.money import Money
from prm.timestamps import CreatedAtField, TimeStamped
from registrations.models import Registration
from users.models import User

NOBODYS = (State.NEW, State.QUALIFYING, State.QUALIFIED, State.DISQUALIFIED)
"""States in which no partner has the lead."""


class LeadQuerySet(models.QuerySet["Lead"]):
    """Chainable filters over leads."""

    def visible_to(self, user: User) -> Self:
        """Rows this person may know of.

        The vendor's staff see every lead that is entered; an agent those that they entered. Partner
        people see offers, never leads: `Offer.objects.visible_to`.
        """
        if user.audience == Audience.VENDOR and user.roles:
            return self.exclude(state=State.NEW)
        if user.audience == Audience.AGENT and user.roles:
            return self.filter(agent=user)
        return self.none()

    def waiting(self) -> Self:
        """Qualified, and nobody has them: to be distributed."""
        return self.filter(state=State.QUALIFIED)


class Lead(TimeStamped):
    """Demand that the vendor generated, to be handed to a partner's seller.

    State changes go through `leads.services` only. `partner` and `seller` are whoever has it now, by
    an open or an accepted offer. Contact data is for staff, its agent, and whoever accepted it.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField(max_length=16, unique=True, editable=False)
    token = models.UUIDField(unique=True, editable=False)  # of the form that made it: once is once
    version = models.PositiveIntegerField(default=1)  # counts moves; forms are bound to it
    agent = models.ForeignKey(User, on_delete=models.PROTECT, related_name="leads")
    state = models.CharField(max_length=16, choices=State.choices, default=State.NEW)

    company_name = models.CharField(max_length=200, blank=True)
    website = models.CharField(max_length=253, blank=True)
    country = models.CharField(max_length=2, blank=True)
    company = models.ForeignKey(
        Company, null=True, on_delete=models.PROTECT, related_name="leads", db_index=False
    )
    place = models.ForeignKey(Territory, null=True, on_delete=models.PROTECT, related_name="leads")
    contact_name = models.CharField(max_length=120, blank=True)
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=300, blank=True)
    need = models.TextField(max_length=2_000, blank=True)
    product_lines = models.ManyToManyField(ProductLine, related_name="leads")
    skills = models.ManyToManyField(Skill, related_name="leads")
    value = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, blank=True)
    source = models.CharField(max_length=120, blank=True)
    consent = models.CharField(max_length=300, blank=True)

    checks = ArrayField(models.CharField(max_length=8, choices=Check.choices), default=list)
    rating = models.CharField(max_length=4, choices=Rating.choices, blank=True)
    qualified_at = models.DateTimeField(null=True)
    disqualify_code = models.CharField(max_length=16, choices=DisqualifyCode.choices, blank=True)
    partner = models.ForeignKey(Partner, null=True, on_delete=models.PROTECT, related_name="leads")
    seller = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    contact_by = models.DateTimeField(null=True)  # when the first contact is due
    convert_by = models.DateTimeField(null=True)  # when it should be a deal
    contacted_at = models.DateTimeField(null=True)
    registration = models.OneToOneField(
        Registration, null=True, on_delete=models.SET_NULL, related_name="lead"
    )
    closed_at = models.DateTimeField(null=True)
    lost_code = models.CharField(max_length=16, choices=LostCode.choices, blank=True)

    objects: ClassVar[models.Manager["Lead"]] = LeadQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[*AGENT_STATES, State.DISQUALIFIED])
                | Q(company__isnull=False, qualified_at__isnull=False) & ~Q(rating=""),
                name="a qualified lead has a company, a time and a rating",
            ),
            models.CheckConstraint(
                condition=Q(state__in=NOBODYS, partner=None, seller=None)
                | ~Q(state__in=NOBODYS) & Q(partner__isnull=False, seller__isnull=False),
                name="a lead is somebody's or nobody's",
            ),
            models.CheckConstraint(
                condition=Q(state=State.DISQUALIFIED) ^ Q(disqualify_code=""),
                name="a disqualified lead has a reason",
            ),
            models.CheckConstraint(
                condition=Q(value=None) | Q(value__gte=0), name="a lead's value is not negative"
            ),
        ]
        indexes = [
            models.Index(fields=["agent", "-updated_at", "-id"], name="leads_of_agent"),
            models.Index(fields=["state", "qualified_at", "id"], name="leads_by_state"),
            models.Index(
                fields=["company"],
                condition=Q(state__in=[State.OFFERED, *HELD_STATES]),
                name="leads_claiming_a_company",
            ),
        ]

    def __str__(self) -> str:
        return self.company_name or self.reference

    @property
    def money(self) -> Money | None:
        """What it may be worth, with its currency."""
        return Money(self.value, self.currency) if self.value is not None else None

    @property
    def score(self) -> int:
        """How many of the agent's questions were answered with yes."""
        return len(self.checks)


class Distribution(models.Model):
    """One decision who gets a lead, with everything it was decided on; never changed but for `undone_at`.

    `number` counts the distributions of a portal without gaps; it is for staff.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="distributions")
    number = models.PositiveBigIntegerField(unique=True)
    kind = models.CharField(max_length=4, choices=Kind.choices)
    rules = models.ForeignKey(RuleVersion, on_delete=models.PROTECT, related_name="+")
    demand = models.JSONField()
    chosen = models.ForeignKey(Partner, null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    at = CreatedAtField()
    undone_at = models.DateTimeField(null=True)
    undone_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=Kind.TURN)
                | Q(kind=Kind.HAND, by__isnull=False, chosen__isnull=False) & ~Q(reason=""),
                name="by hand means by somebody, for a reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.lead_id} #{self.number}"


class Candidate(models.Model):
    """What one distribution said about one partner: outcome, reasons, and the numbers behind them."""

    distribution = models.ForeignKey(
        Distribution, on_delete=models.CASCADE, related_name="candidates", db_index=False
    )
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+", db_index=False)
    position = models.PositiveIntegerField()
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    reasons = ArrayField(models.CharField(max_length=12, choices=Reason.choices))
    rank = models.PositiveSmallIntegerField()
    weight = models.PositiveSmallIntegerField()
    credit = models.BigIntegerField()
    turned = models.PositiveBigIntegerField()
    share = models.BigIntegerField()
    after = models.BigIntegerField()
    facts = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["distribution", "position"], name="candidates are in order"
            ),
            models.UniqueConstraint(
                fields=["distribution"],
                condition=Q(outcome=Outcome.CHOSEN),
                name="a distribution chooses one at most",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner_id} {self.outcome}"


class OfferQuerySet(models.QuerySet["Offer"]):
    """Chainable filters over offers."""

    def visible_to(self, user: User) -> Self:
        """All for the vendor's staff; those of their own partner for its people; nobody else any."""
        if user.audience == Audience.VENDOR and user.roles:
            return self
        if user.audience == Audience.PARTNER:
            partner = partner_of(user)
            return self.filter(partner=partner) if partner else self.none()
        return self.none()

    def open(self) -> Self:
        """Waiting for an answer."""
        return self.filter(state=OfferState.OFFERED)


class Offer(TimeStamped):
    """One attempt to hand a lead over. The partner's pages and links name it, never the lead.

    `number` counts a lead's offers and is for staff: it would tell a partner how many were asked.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField(max_length=16, unique=True, editable=False)
    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="offers")
    distribution = models.OneToOneField(
        Distribution, on_delete=models.PROTECT, related_name="offer"
    )
    number = models.PositiveSmallIntegerField()
    partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, related_name="offers", db_index=False
    )
    seller = models.ForeignKey(User, on_delete=models.PROTECT, related_name="offers")
    pick = models.CharField(max_length=8, choices=Pick.choices)
    state = models.CharField(max_length=12, choices=OfferState.choices, default=OfferState.OFFERED)
    offered_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    decline_code = models.CharField(max_length=12, choices=DeclineCode.choices, blank=True)
    note = models.TextField(max_length=1_000, blank=True)

    objects: ClassVar[models.Manager["Offer"]] = OfferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["lead"],
                condition=Q(state=OfferState.OFFERED),
                name="a lead has one open offer at most",
            ),
            models.UniqueConstraint(
                fields=["lead"],
                condition=Q(state=OfferState.ACCEPTED),
                name="a lead is accepted once",
            ),
            models.UniqueConstraint(fields=["lead", "number"], name="a lead's offers are numbered"),
            models.CheckConstraint(
                condition=Q(state=OfferState.OFFERED) ^ Q(answered_at__isnull=False),
                name="an offer that is over says since when",
            ),
            models.CheckConstraint(
                condition=Q(state=OfferState.DECLINED) ^ Q(decline_code=""),
                name="a declined offer has a reason",
            ),
        ]
        indexes = [
            models.Index(fields=["partner", "-offered_at", "-id"], name="offers_of_partner"),
            models.Index(
                fields=["expires_at"],
                condition=Q(state=OfferState.OFFERED),
                name="offers_waiting",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_open(self) -> bool:
        """Nobody has answered it."""
        return self.state == OfferState.OFFERED

    @property
    def is_held(self) -> bool:
        """Its partner accepted it and has the lead still: contact data is theirs to see."""
        return self.state == OfferState.ACCEPTED


class Turn(TimeStamped):
    """Where a partner stands in the order of turns; a partner without a row stands at the beginning.

    `credit` is in units of `leads.distribution.TURN`; all credits of a portal sum to nought.
    """

    partner = models.OneToOneField(Partner, on_delete=models.CASCADE, related_name="turn")
    weight = models.PositiveSmallIntegerField(default=10)
    credit = models.BigIntegerField(default=0)
    turned = models.PositiveBigIntegerField(default=0)
    given = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(weight__gte=0, weight__lte=100), name="a weight is 0 to 100"
            )
        ]

    def __str__(self) -> str:
        return f"{self.partner_id}: {self.weight}"
