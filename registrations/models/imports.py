"""Files of registrations that ran elsewhere before, with a row per line; how a vendor switches."""

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from prm.access import Audience, Role
from prm.timestamps import TimeStamped
from registrations.enums import ImportOutcome, ImportState
from users.models import User


class RegistrationImportQuerySet(models.QuerySet["RegistrationImport"]):
    """Chainable filters over imports."""

    def visible_to(self, user: User) -> Self:
        """All for the vendor's administrators; nobody else ever knows of them."""
        is_administrator = user.audience == Audience.VENDOR and Role.ADMINISTRATOR in user.roles
        return self if is_administrator else self.none()


class RegistrationImport(TimeStamped):
    """One file: checked first, imported on request, undone within a day as long as nothing moved.

    Written by `registrations.services.importing` only. `offset` is the byte up to which the file was
    read, so a killed worker goes on there; `settled` is the last of its deals in line that was looked
    at. `mapping` is our column -> position in the file; `guessed` names those guessed by their header.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file_name = models.CharField(max_length=200)
    state = models.CharField(
        max_length=12, choices=ImportState.choices, default=ImportState.MAPPING
    )
    uploaded_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    name = models.CharField(max_length=120, blank=True)  # in the tenant's private folder
    size = models.PositiveBigIntegerField(default=0)
    delimiter = models.CharField(max_length=1, default=",")
    header = models.JSONField(default=list)
    sample = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    guessed = models.JSONField(default=list)
    day_first = models.BooleanField(default=True)  # how 03/04/2026 is meant

    offset = models.PositiveBigIntegerField(default=0)
    line = models.PositiveIntegerField(default=0)
    read_rows = models.PositiveIntegerField(default=0)
    creates = models.PositiveIntegerField(default=0)
    skips = models.PositiveIntegerField(default=0)
    errors = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    created_rows = models.PositiveIntegerField(default=0)
    skipped_rows = models.PositiveIntegerField(default=0)
    failed_rows = models.PositiveIntegerField(default=0)
    kept_rows = models.PositiveIntegerField(default=0)
    settled = models.PositiveBigIntegerField(default=0)

    checked_at = models.DateTimeField(null=True)
    began_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["RegistrationImport"]] = (
        RegistrationImportQuerySet.as_manager()
    )

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ImportState.values), name="an import's state is known"
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=False)
                | ~Q(state__in=[ImportState.DONE, ImportState.UNDOING, ImportState.UNDONE]),
                name="an import that is done says when",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class RegistrationImportRow(models.Model):
    """One line of a file as it was typed, and what it becomes.

    `cause` is the first of `causes` (code, column, line it refers to). `done_at` is set with the
    writing, in one transaction; `undo` names what the row made besides its registration.
    """

    file = models.ForeignKey(
        RegistrationImport, on_delete=models.CASCADE, related_name="rows", db_index=False
    )
    number = models.PositiveIntegerField()
    typed = models.JSONField(default=dict)
    values = models.JSONField(default=dict)  # cleaned, as codes
    old_reference = models.CharField(max_length=64, blank=True)
    registered_at = models.DateTimeField(null=True)  # the order of the ledger
    outcome = models.CharField(max_length=8, choices=ImportOutcome.choices)
    cause = models.CharField(max_length=24, blank=True)
    causes = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    registration = models.ForeignKey(
        "registrations.Registration", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    done_at = models.DateTimeField(null=True)
    undo = models.JSONField(default=dict)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["file", "number"], name="a line of a file is read once"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=ImportOutcome.values),
                name="what becomes of a line is known",
            ),
        ]
        indexes = [
            models.Index(fields=["file", "outcome", "number"], name="import_rows_by_outcome"),
            models.Index(fields=["file", "old_reference"], name="import_rows_by_reference"),
            models.Index(
                fields=["file", "registered_at", "number"],
                condition=Q(outcome=ImportOutcome.CREATE, done_at=None),
                name="import_rows_to_write",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_id}: {self.number}"
