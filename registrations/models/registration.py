"""Registrations: a partner's claim to an opportunity at a company, and what proves that it is worked."""

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from catalog.models import ProductLine, Territory
from companies.enums import NumberScheme
from companies.models import Company
from partners.models import Partner
from partners.selectors import partner_of
from prm import clock
from prm.access import Audience
from prm.models import RuleVersion
from prm.money import Money
from prm.timestamps import CreatedAtField, TimeStamped
from registrations.enums import (
    OPEN_STATES,
    UNFINISHED_STATES,
    WAITING_STATES,
    CloseCode,
    DeclineCode,
    Exclusivity,
    Stage,
    State,
    TouchKind,
)
from users.models import User

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from registrations.models.conflict import RegistrationConflict
    from registrations.models.protection import ProtectionHolder


class RegistrationQuerySet(models.QuerySet["Registration"]):
    """Chainable filters over registrations."""

    def visible_to(self, user: User) -> Self:
        """Rows this person may know of.

        The vendor's staff see everything that was submitted, and no draft: what one of them has begun
        for a partner is in `begun_by`, for that person alone. Partner people see everything of their own
        partner; nobody else anything.
        """
        if user.audience == Audience.VENDOR and user.roles:
            return self.exclude(state=State.DRAFT)
        if user.audience == Audience.PARTNER:
            partner = partner_of(user)  # known already, so the rows come sorted from the index
            return self.filter(partner=partner) if partner else self.none()
        return self.none()

    def begun_by(self, user: User) -> Self:
        """What somebody of the vendor's staff has begun for a partner, drafts included."""
        if user.audience != Audience.VENDOR or not user.roles:
            return self.none()
        return self.filter(registered_by=user)

    def open(self) -> Self:
        """Submitted and undecided, or waiting in line."""
        return self.filter(state__in=OPEN_STATES)

    def waiting(self) -> Self:
        """What the vendor must decide."""
        return self.filter(state__in=WAITING_STATES)

    def ending_within(self, days: int) -> Self:
        """Approved, with a protection in force that ends within so many times 24 hours."""
        now = clock.now()
        soon = Registration.objects.filter(
            holdings__ended_at=None,
            holdings__protection__period__startswith__lte=now,
            holdings__protection__period__endswith__gt=now,
            holdings__protection__period__endswith__lte=now + timedelta(days=days),
        )
        return self.filter(state=State.APPROVED, pk__in=soon.values("pk"))

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
    site = models.CharField(
        max_length=120, blank=True, db_default=""
    )  # which of the customer's sites, in words
    number_scheme = models.CharField(
        max_length=16, blank=True, db_default=""
    )  # of the customer's registration
    number = models.CharField(max_length=64, blank=True, default="", db_default="")
    value = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, blank=True)
    expected_close = models.DateField(null=True)
    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.PROSPECT)
    contact_name = models.CharField(max_length=120, blank=True)
    contact_email = models.EmailField(blank=True)
    competitor = models.CharField(max_length=120, blank=True, default="", db_default="")
    is_tender = models.BooleanField(default=False, db_default=False)
    description = models.TextField(max_length=2_000, blank=True)

    ledger_number = models.PositiveBigIntegerField(null=True)
    submitted_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)  # the vendor's promise
    reviewer = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    rules = models.ForeignKey(RuleVersion, null=True, on_delete=models.PROTECT, related_name="+")
    trace = models.JSONField(null=True)  # what the rules made of it when it was submitted
    exclusivity = models.CharField(
        max_length=16,
        choices=Exclusivity.choices,
        default=Exclusivity.PRODUCTS_PLACES,
        db_default=Exclusivity.PRODUCTS_PLACES,
    )
    home_value = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    conflict_count = models.PositiveSmallIntegerField(null=True)
    contact_days = models.PositiveIntegerField(null=True)  # since the vendor's own last contact
    time_left = models.DurationField(null=True)  # of the vendor's clock, while it stands still
    escalated_at = models.DateTimeField(null=True)
    held_until = models.DateTimeField(null=True)  # a flag: out of the queue until then
    hold_note = models.CharField(max_length=200, blank=True, default="", db_default="")
    registered_by = models.ForeignKey(  # staff who registered it for the partner
        User, null=True, on_delete=models.PROTECT, related_name="+"
    )
    split_from = models.ForeignKey(  # the half that kept the reference; both keep the receipt
        "self", null=True, on_delete=models.PROTECT, related_name="halves"
    )
    duplicate_of = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="duplicates"
    )
    imported = models.ForeignKey(
        "registrations.RegistrationImport",
        null=True,
        on_delete=models.PROTECT,
        related_name="registrations",
    )
    old_reference = models.CharField(  # where it ran before; an import brings each once
        max_length=64, blank=True, default="", db_default=""
    )
    question = models.TextField(max_length=2_000, blank=True)
    open_fields = ArrayField(
        models.CharField(max_length=24), default=list, db_default=[]
    )  # what may be corrected
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
                condition=Q(decided_by=None) | Q(decided_at__isnull=False),
                name="who decided says when",
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
            models.UniqueConstraint(
                fields=["ledger_number"],
                condition=Q(split_from=None),
                name="a ledger number is given once",
            ),
            models.UniqueConstraint(
                fields=["old_reference"],
                condition=~Q(old_reference=""),
                name="a deal from elsewhere is imported once",
            ),
            models.CheckConstraint(
                condition=~Q(split_from=F("id")) & ~Q(duplicate_of=F("id")),
                name="a registration is no part or double of itself",
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
            models.Index(fields=["ledger_number"], name="registrations_by_number"),
        ]

    def __str__(self) -> str:
        return self.company_name or self.reference

    @property
    def number_kind(self) -> str:
        """What kind of registration number names its customer, in words."""
        return str(dict(NumberScheme.choices).get(self.number_scheme, self.number_scheme))

    @property
    def money(self) -> Money | None:
        """The deal's value with its currency."""
        return Money(self.value, self.currency) if self.value is not None else None


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
