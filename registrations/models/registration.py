"""Registrations, what they collide with, and the protections they earn."""

import uuid
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, ClassVar, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from catalog.models import ProductLine, Territory
from companies.models import Company
from partners.models import Partner
from partners.selectors import partner_of
from prm import clock, portal
from prm.access import Audience
from prm.models import RuleVersion
from prm.money import Money
from prm.timestamps import CreatedAtField, TimeStamped
from registrations.enums import (
    OPEN_STATES,
    UNFINISHED_STATES,
    WAITING_STATES,
    CloseCode,
    ConflictKind,
    DeclineCode,
    Settlement,
    Stage,
    State,
    TouchKind,
)
from registrations.fields import Int4MultirangeField
from users.models import User

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class RegistrationQuerySet(models.QuerySet["Registration"]):
    """Chainable filters over registrations."""

    def visible_to(self, user: User) -> Self:
        """Rows this person may know of.

        The vendor's staff see everything that was submitted; partner people everything of their own
        partner; nobody else anything.
        """
        if user.audience == Audience.VENDOR and user.roles:
            return self.exclude(state=State.DRAFT)
        if user.audience == Audience.PARTNER:
            partner = partner_of(user)  # known already, so the rows come sorted from the index
            return self.filter(partner=partner) if partner else self.none()
        return self.none()

    def open(self) -> Self:
        """Submitted and undecided, or waiting in line."""
        return self.filter(state__in=OPEN_STATES)

    def waiting(self) -> Self:
        """What the vendor must decide."""
        return self.filter(state__in=WAITING_STATES)

    def ending_within(self, days: int) -> Self:
        """Approved, with a protection in force that ends within so many times 24 hours."""
        now = clock.now()
        soon = ProtectionHolder.objects.filter(
            protection__period__startswith__lte=now,
            protection__period__endswith__gt=now,
            protection__period__endswith__lte=now + timedelta(days=days),
        )
        return self.filter(state=State.APPROVED, pk__in=soon.values("registration"))

    def queued_at(self, company_id: int) -> Self:
        """In line for a company, in ledger order."""
        return self.filter(company_id=company_id, state=State.QUEUED).order_by("ledger_number")


class Registration(TimeStamped):
    """A partner's claim to an opportunity at a company.

    State changes go through `registrations.services` only. `ledger_number` orders submissions without
    gaps and is for staff; the partner sees `reference`, which says nothing.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField(max_length=16, unique=True, editable=False)
    token = models.UUIDField(unique=True, editable=False)  # of the form that made it: once is once
    version = models.PositiveIntegerField(
        default=1
    )  # counts moves; links and forms are bound to it
    partner = models.ForeignKey(  # two indexes below begin with it and with the company
        Partner, on_delete=models.PROTECT, related_name="registrations", db_index=False
    )
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="registrations")
    state = models.CharField(max_length=16, choices=State.choices, default=State.DRAFT)

    company_name = models.CharField(max_length=200, blank=True)
    website = models.CharField(
        max_length=253, blank=True
    )  # a domain, as cleaned from what was typed
    country = models.CharField(max_length=2, blank=True)
    company = models.ForeignKey(
        Company, null=True, on_delete=models.PROTECT, related_name="registrations", db_index=False
    )
    product_lines = models.ManyToManyField(ProductLine, related_name="registrations")
    place = models.ForeignKey(
        Territory, null=True, on_delete=models.PROTECT, related_name="registrations"
    )
    value = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, blank=True)
    expected_close = models.DateField(null=True)
    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.PROSPECT)
    contact_name = models.CharField(max_length=120, blank=True)
    contact_email = models.EmailField(blank=True)
    description = models.TextField(max_length=2_000, blank=True)

    ledger_number = models.PositiveBigIntegerField(null=True, unique=True)
    submitted_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)  # the vendor's promise
    reviewer = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    rules = models.ForeignKey(RuleVersion, null=True, on_delete=models.PROTECT, related_name="+")
    question = models.TextField(max_length=2_000, blank=True)
    answer = models.TextField(max_length=2_000, blank=True)
    queued_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decline_code = models.CharField(max_length=16, choices=DeclineCode.choices, blank=True)
    decision_note = models.TextField(max_length=2_000, blank=True)
    touched_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    close_code = models.CharField(max_length=12, choices=CloseCode.choices, blank=True)

    objects: ClassVar[models.Manager["Registration"]] = RegistrationQuerySet.as_manager()
    if TYPE_CHECKING:
        holdings: RelatedManager["ProtectionHolder"]
        conflicts: RelatedManager["RegistrationConflict"]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state=State.DRAFT)
                | Q(
                    company__isnull=False,
                    ledger_number__isnull=False,
                    submitted_at__isnull=False,
                    value__isnull=False,
                    expected_close__isnull=False,
                    rules__isnull=False,
                ),
                name="a submitted registration is complete",
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="a decision has a time and a decider",
            ),
            models.CheckConstraint(
                condition=Q(state=State.REJECTED) ^ Q(decline_code=""),
                name="a declined registration has a reason",
            ),
            models.CheckConstraint(
                condition=Q(state=State.CLOSED, closed_at__isnull=False) & ~Q(close_code="")
                | ~Q(state=State.CLOSED) & Q(closed_at=None, close_code=""),
                name="a closed registration says when and how",
            ),
            models.CheckConstraint(
                condition=Q(value=None) | Q(value__gte=0), name="a value is not negative"
            ),
        ]
        indexes = [
            models.Index(fields=["partner", "-updated_at", "-id"], name="registrations_of_partner"),
            models.Index(
                fields=["due_at", "id"],
                condition=Q(state__in=WAITING_STATES),
                name="registrations_waiting",
            ),
            models.Index(fields=["company", "state"], name="registrations_at_company"),
            models.Index(fields=["-submitted_at", "id"], name="registrations_by_date"),
            models.Index(  # what is unfinished: few of many, counted on every home page
                fields=["partner", "state"],
                condition=Q(state__in=UNFINISHED_STATES),
                name="registrations_unfinished",
            ),
            models.Index(
                fields=["company"],
                condition=Q(state__in=OPEN_STATES),
                name="registrations_open",
            ),
        ]

    def __str__(self) -> str:
        return self.company_name or self.reference

    @property
    def money(self) -> Money | None:
        """The deal's value with its currency."""
        return Money(self.value, self.currency) if self.value is not None else None


class RegistrationConflict(TimeStamped):
    """That a registration may collide with something; a fact for a person, never a state."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    registration = models.ForeignKey(
        Registration, on_delete=models.CASCADE, related_name="conflicts"
    )
    kind = models.CharField(max_length=16, choices=ConflictKind.choices)
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(
        Registration, null=True, on_delete=models.CASCADE, related_name="conflicts_of_others"
    )
    score = models.PositiveSmallIntegerField()
    evidence = models.JSONField(
        default=list
    )  # why it may be the same customer: adds up to the score
    weight = models.PositiveSmallIntegerField(default=100)
    grounds = models.JSONField(default=list)  # why it matters: their factors make the weight
    settlement = models.CharField(max_length=12, choices=Settlement.choices, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "kind", "company", "other"],
                nulls_distinct=False,
                name="a conflict is noted once",
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, settlement="")
                | Q(settled_at__isnull=False) & ~Q(settlement=""),
                name="a settled conflict says when and how",
            ),
            models.CheckConstraint(
                condition=~Q(other=F("registration")),
                name="a registration does not collide with itself",
            ),
        ]

    @property
    def is_open(self) -> bool:
        """Nobody has settled it."""
        return self.settled_at is None


def last_day(end: datetime) -> date:
    """Return the last protected day of a protection that ends at local midnight after it."""
    return (end.astimezone(portal.zone()) - timedelta(seconds=1)).date()


class ProtectionQuerySet(models.QuerySet["Protection"]):
    """Chainable filters over protections."""

    def at(self, instant: datetime) -> Self:
        """Protections in force at an instant, whatever any worker has done."""
        return self.filter(period__contains=instant)


class Protection(models.Model):
    """The dated period in which its holders are the only ones in that scope at that company.

    The exclusion constraint is the last word on who owns what. It ends by itself when its time is
    over; ended early, its upper bound is cut; undone, its period is empty.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="protections")
    products = Int4MultirangeField()
    places = Int4MultirangeField()
    period = DateTimeRangeField()
    created_at = CreatedAtField()

    objects: ClassVar[models.Manager["Protection"]] = ProtectionQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="one protection per scope and time",
                expressions=[
                    (F("company"), RangeOperators.EQUAL),
                    (F("products"), RangeOperators.OVERLAPS),
                    (F("places"), RangeOperators.OVERLAPS),
                    (F("period"), RangeOperators.OVERLAPS),
                ],
            )
        ]
        indexes = [models.Index(F("period__endswith"), name="protections_by_end")]

    @property
    def ends_at(self) -> datetime:
        """The instant at which it is over (UTC)."""
        upper: datetime = self.period.upper
        return upper

    @property
    def last_day(self) -> date:
        """The last protected day in the portal's zone."""
        return last_day(self.ends_at)

    @property
    def days_left(self) -> int:
        """How many days it still lasts, today included; 0 once it is over."""
        return max(0, (self.last_day - clock.today(portal.zone())).days + 1)


class ProtectionHolder(models.Model):
    """Who holds a protection, through which registration; several for a joint approval."""

    protection = models.ForeignKey(Protection, on_delete=models.CASCADE, related_name="holders")
    registration = models.ForeignKey(
        Registration, on_delete=models.PROTECT, related_name="holdings"
    )
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="holdings")
    share = models.PositiveSmallIntegerField(default=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["protection", "registration"],
                name="a protection is held once per registration",
            ),
            models.CheckConstraint(
                condition=Q(share__gte=1, share__lte=100), name="a share is 1 to 100"
            ),
        ]


class Touch(models.Model):
    """Proof that a partner worked a registration; never moves an end."""

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="touches")
    kind = models.CharField(max_length=8, choices=TouchKind.choices)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = CreatedAtField()

    class Meta:
        indexes = [models.Index(fields=["registration", "-at"], name="touches_of_registration")]


class SubmissionCounter(models.Model):
    """The last ledger number given; one row, locked while a number is taken, so there are no gaps."""

    last = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="one tenant counts submissions once")
        ]
