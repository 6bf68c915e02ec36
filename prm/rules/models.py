"""Published rule sets: numbered per kind, dated, never changed. Triggers refuse UPDATE and DELETE."""

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
        return self.filter(kind=kind, effective_at__lte=at).order_by("-effective_at", "-number")


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
