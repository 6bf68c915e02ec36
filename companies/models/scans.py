"""The search for duplicates over the whole directory, and what it found."""

import uuid
from typing import Self

from django.db import models

from companies.enums import ScanState
from companies.models.company import Company
from prm.access import Audience
from prm.timestamps import CreatedAtField
from users.models import User


class DuplicateScan(models.Model):
    """One walk through the directory; `cursor` is the last company that was looked at."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(max_length=12, choices=ScanState.choices, default=ScanState.RUNNING)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    started_at = CreatedAtField()
    finished_at = models.DateTimeField(null=True)
    cursor = models.BigIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["state"],
                condition=models.Q(state=ScanState.RUNNING),
                name="one search for duplicates runs at a time",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=ScanState.values), name="a scan's state is known"
            ),
        ]


class DuplicatePairQuerySet(models.QuerySet["DuplicatePair"]):
    """Chainable filters over suggested pairs."""

    def visible_to(self, user: User) -> Self:
        """All for the vendor's staff; nobody else may browse companies."""
        return self if user.audience == Audience.VENDOR and user.roles else self.none()


class DuplicatePair(models.Model):
    """Two companies that may be one; each pair once, until a person has answered."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    low = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    high = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    score = models.SmallIntegerField()
    level = models.CharField(max_length=12)
    evidence = models.JSONField(default=list)
    scan = models.ForeignKey(DuplicateScan, on_delete=models.CASCADE, related_name="pairs")
    created_at = CreatedAtField()

    objects = DuplicatePairQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["-score", "id"], name="companies_pairs_by_score")]
        constraints = [
            models.UniqueConstraint(fields=["low", "high"], name="a pair is suggested once"),
            models.CheckConstraint(
                condition=models.Q(low__lt=models.F("high")),
                name="a suggested pair is in order",
            ),
        ]
