"""Files of registrations that ran elsewhere before, with a row per line; how a vendor switches."""

import uuid

from django.db import models

from prm.timestamps import TimeStamped
from registrations.enums import ImportOutcome, ImportState
from users.models import User


class RegistrationImport(TimeStamped):
    """One file: checked first, imported on request, undone within a day as long as nothing moved."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file_name = models.CharField(max_length=200)
    state = models.CharField(
        max_length=12, choices=ImportState.choices, default=ImportState.CHECKED
    )
    mapping = models.JSONField(default=dict)
    uploaded_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    done_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.file_name


class RegistrationImportRow(models.Model):
    """One line of a file as it was typed, and what it becomes."""

    file = models.ForeignKey(RegistrationImport, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    typed = models.JSONField(default=dict)
    values = models.JSONField(default=dict)  # cleaned, as codes
    outcome = models.CharField(max_length=8, choices=ImportOutcome.choices)
    causes = models.JSONField(default=list)
    registration = models.ForeignKey(
        "registrations.Registration", null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "number"], name="a line of a file is read once")
        ]
        indexes = [models.Index(fields=["file", "outcome"], name="import_rows_by_outcome")]

    def __str__(self) -> str:
        return f"{self.file_id}: {self.number}"
