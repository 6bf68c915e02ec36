"""What partners asked before they registered, and what they may ask."""

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from partners.models import Partner
from prm.access import Audience
from prm.timestamps import CreatedAtField, TimeStamped
from registrations.enums import ConflictKind, Disclosure, Verdict
from users.models import User


class AvailabilityPolicy(TimeStamped):
    """What partners may ask before they register, and how often; one row, id 1."""

    disclosure = models.CharField(
        max_length=8, choices=Disclosure.choices, default=Disclosure.GENERIC
    )
    says_not_eligible = models.BooleanField(default=False)
    per_person_hour = models.PositiveSmallIntegerField(default=30)
    per_partner_day = models.PositiveSmallIntegerField(default=100)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(id=1), name="a portal has one policy on availability"
            ),
            models.CheckConstraint(
                condition=Q(per_person_hour__gte=1, per_partner_day__gte=1),
                name="a limit of checks is at least one",
            ),
        ]


class AvailabilityCheckQuerySet(models.QuerySet["AvailabilityCheck"]):
    """Chainable filters over checks."""

    def visible_to(self, user: User) -> Self:
        """All for the vendor's staff, none for anybody else: partners are not shown what they asked."""
        return self if user.audience == Audience.VENDOR and user.roles else self.none()

    def counted(self) -> Self:
        """Checks that count towards a limit: the same question again within the hour does not."""
        return self.filter(repeated=False).exclude(verdict="")


class AvailabilityCheck(models.Model):
    """One question whether a customer is free: who asked what, and what was answered.

    An empty verdict means that nothing was looked up, because a limit was reached. `cause` is for
    staff only.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+", db_index=False)
    company_name = models.CharField(max_length=200, blank=True)
    website = models.CharField(max_length=253, blank=True)
    country = models.CharField(max_length=2, blank=True)
    verdict = models.CharField(max_length=12, choices=Verdict.choices, blank=True)
    cause = models.CharField(max_length=16, choices=ConflictKind.choices, blank=True)
    repeated = models.BooleanField(default=False)
    at = CreatedAtField()

    objects: ClassVar[models.Manager["AvailabilityCheck"]] = AvailabilityCheckQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["user", "-at"], name="registrations_checks_of_user"),
            models.Index(fields=["partner", "-at"], name="registrations_checks_of_party"),
            models.Index(fields=["-at", "-id"], name="registrations_checks"),
        ]

    def __str__(self) -> str:
        return self.company_name or self.website
