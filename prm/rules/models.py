"""Rule sets: published versions and withdrawals, which triggers keep from ever changing; drafts."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models


class RuleVersionQuerySet(models.QuerySet["RuleVersion"]):
    """Chainable filters over versions."""

    def of_kind(self, kind: str) -> Self:
        """Versions of one kind, newest first."""
        return self.filter(kind=kind).order_by("-number")

    def in_force(self, kind: str, at: datetime) -> Self:
        """Versions of one kind that apply at an instant; the first is the one in force."""
        standing = self.filter(kind=kind, effective_at__lte=at, withdrawal=None)
        return standing.order_by("-effective_at", "-number")


class RuleVersion(models.Model):
    """One published body of rules. Written by `prm.rules.services.publish` only."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=80)
    number = models.PositiveIntegerField()
    body = models.JSONField()
    digest = models.CharField(max_length=64)
    effective_at = models.DateTimeField()
    published_at = models.DateTimeField()
    author_uid = models.UUIDField(null=True)
    note = models.TextField(blank=True)

    objects = RuleVersionQuerySet.as_manager()

    class Meta:
        app_label = "prm"
        db_table = "prm_rule_version"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "number"], name="rule versions are numbered per kind"
            ),
            models.CheckConstraint(
                condition=models.Q(effective_at__gte=models.F("published_at")),
                name="rules never apply backwards",
            ),
        ]
        indexes = [models.Index(fields=["kind", "-effective_at"], name="prm_rule_version_in_force")]

    def __str__(self) -> str:
        return f"{self.kind}#{self.number}"


class RuleWithdrawal(models.Model):
    """A version that was taken back before it took effect. Written by `prm.rules.services.withdraw`."""

    version = models.OneToOneField(RuleVersion, models.PROTECT, related_name="withdrawal")
    at = models.DateTimeField()
    author_uid = models.UUIDField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        app_label = "prm"
        db_table = "prm_rule_withdrawal"

    def __str__(self) -> str:
        return f"{self.version} withdrawn"


class RuleDraft(models.Model):
    """What an administrator is working on: at most one per kind, complete or not.

    `body` is shaped like a version's, but may lack what is not entered yet. `version` counts saves, so
    that nobody overwrites what somebody else has saved. Written by `prm.rules.drafts` only.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=80)
    body = models.JSONField()
    based_on = models.PositiveIntegerField()
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()
    updated_by = models.UUIDField(null=True)

    class Meta:
        app_label = "prm"
        db_table = "prm_rule_draft"
        constraints = [
            models.UniqueConstraint(fields=["kind"], name="a kind of rules has one draft"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}, draft"
