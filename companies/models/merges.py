"""What a merge changed, so that it can be taken back."""

import uuid

from django.db import models

from companies.models.company import Company
from prm.timestamps import CreatedAtField
from users.models import User


class CompanyMerge(models.Model):
    """One merge with every row it touched; `journal` is read by `companies.journal` only.

    The journal holds ids and single columns, and whole rows only of this room's own small tables.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    loser = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="merges_away")
    winner = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="merges_in")
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = CreatedAtField()
    journal = models.JSONField(default=list)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["loser"],
                condition=models.Q(undone_at=None),
                name="a company is merged away once at a time",
            ),
            models.CheckConstraint(
                condition=~models.Q(loser=models.F("winner")),
                name="a merge has two companies",
            ),
        ]
