"""Lists of named accounts and customers that the vendor loads: the file, and each of its rows."""

import uuid
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from companies.enums import LoadState, RowOutcome
from companies.models.company import Company
from prm.access import Audience
from prm.timestamps import CreatedAtField
from users.models import User


class CompanyLoadQuerySet(models.QuerySet["CompanyLoad"]):
    """Chainable filters over lists."""

    def visible_to(self, user: User) -> Self:
        """All for the vendor's staff; partners never know of them."""
        return self if user.audience == Audience.VENDOR and user.roles else self.none()


class CompanyLoad(models.Model):
    """One list on its way: uploaded, its columns matched, checked, loaded, perhaps undone.

    Written by `companies.services.loads` only. `offset` is the byte up to which the file was read,
    so a killed worker goes on there. `mapping` is target column -> header position.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(max_length=12, choices=LoadState.choices, default=LoadState.MAPPING)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = CreatedAtField()

    name = models.CharField(max_length=120, blank=True)  # in the tenant's private folder
    original_name = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    delimiter = models.CharField(max_length=1)
    header = models.JSONField(default=list)
    sample = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    designation = models.CharField(max_length=16, blank=True)  # for rows that name none
    country = models.CharField(max_length=2, blank=True)

    offset = models.PositiveBigIntegerField(default=0)
    line = models.PositiveIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    creates = models.PositiveIntegerField(default=0)
    updates = models.PositiveIntegerField(default=0)
    skips = models.PositiveIntegerField(default=0)
    errors = models.PositiveIntegerField(default=0)
    alike = models.PositiveIntegerField(default=0)
    alike_looked_at = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    created_rows = models.PositiveIntegerField(default=0)
    updated_rows = models.PositiveIntegerField(default=0)
    failed_rows = models.PositiveIntegerField(default=0)
    kept_rows = models.PositiveIntegerField(default=0)
    checked_at = models.DateTimeField(null=True)
    began_at = models.DateTimeField(null=True)
    loaded_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    objects = CompanyLoadQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=LoadState.values), name="a list's state is known"
            ),
            models.CheckConstraint(
                condition=models.Q(loaded_at__isnull=False)
                | ~models.Q(state__in=[LoadState.LOADED, LoadState.UNDOING, LoadState.UNDONE]),
                name="a loaded list says when",
            ),
        ]

    def __str__(self) -> str:
        return self.original_name


class LoadRow(models.Model):
    """One row of a list: what was read, what it would do, what it did.

    `keys` are hashes of what identifies the company, to find a second row about the same one.
    `undo` names what the row wrote. `done_at` is set with the writing, in one transaction.
    """

    load = models.ForeignKey(
        CompanyLoad, on_delete=models.CASCADE, related_name="entries", db_index=False
    )
    line = models.PositiveIntegerField()
    values = models.JSONField(default=dict)
    keys = ArrayField(models.BigIntegerField(), default=list)
    outcome = models.CharField(max_length=8, choices=RowOutcome.choices)
    cause = models.CharField(max_length=40, blank=True)
    shown = models.CharField(max_length=300, blank=True)
    company = models.ForeignKey(Company, null=True, on_delete=models.SET_NULL, related_name="+")
    alike = models.ForeignKey(Company, null=True, on_delete=models.SET_NULL, related_name="+")
    has_parent = models.BooleanField(default=False)
    done_at = models.DateTimeField(null=True)
    undo = models.JSONField(default=dict)

    class Meta:
        ordering = ["line"]
        indexes = [
            GinIndex(fields=["keys"], name="companies_load_row_keys"),
            models.Index(fields=["load", "cause", "line"], name="companies_load_row_causes"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["load", "line"], name="a row of a list is read once"),
            models.CheckConstraint(
                condition=models.Q(outcome__in=RowOutcome.values),
                name="a row's outcome is known",
            ),
        ]
