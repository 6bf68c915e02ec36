"""What belongs to a registration besides its fields: messages, evidence, requests for more time."""

import uuid

from django.db import models
from django.db.models import Q

from prm.timestamps import CreatedAtField, TimeStamped
from prm.uploads import MAX_NAME
from registrations.enums import ExtensionState, Reader
from registrations.models.registration import Registration
from users.models import User


class Extension(TimeStamped):
    """A partner's request for more time, asked before the end; at most one is pending per registration."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    registration = models.ForeignKey(
        Registration, on_delete=models.CASCADE, related_name="extensions"
    )
    state = models.CharField(
        max_length=12, choices=ExtensionState.choices, default=ExtensionState.PENDING
    )
    reason = models.TextField(max_length=2_000)
    asked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = CreatedAtField()
    due_at = models.DateTimeField(null=True)
    days = models.PositiveSmallIntegerField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(max_length=2_000, blank=True)
    until = models.DateTimeField(null=True)  # the new end, when granted

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["registration"],
                condition=Q(state=ExtensionState.PENDING),
                name="one request for more time is pending at most",
            ),
            models.CheckConstraint(
                condition=Q(state=ExtensionState.PENDING, decided_at=None)
                | ~Q(state=ExtensionState.PENDING) & Q(decided_at__isnull=False),
                name="a decided request says when",
            ),
            models.CheckConstraint(
                condition=Q(state=ExtensionState.GRANTED) ^ Q(until=None),
                name="a granted request has a new end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.registration_id}: {self.state}"


class Message(models.Model):
    """Something one side wrote about a registration; a staff note is for the vendor's eyes only."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    registration = models.ForeignKey(
        Registration, on_delete=models.CASCADE, related_name="messages"
    )
    reader = models.CharField(max_length=8, choices=Reader.choices)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=4_000)
    at = CreatedAtField()

    class Meta:
        indexes = [models.Index(fields=["registration", "at"], name="messages_of_registration")]

    def __str__(self) -> str:
        return f"{self.registration_id}: {self.author_id}"


class EvidenceFile(models.Model):
    """A file that shows that a registration is real; kept with the request it was sent for, if any."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="files")
    extension = models.ForeignKey(
        Extension, null=True, on_delete=models.CASCADE, related_name="files"
    )
    reader = models.CharField(max_length=8, choices=Reader.choices, default=Reader.BOTH)
    name = models.CharField(max_length=200)
    original_name = models.CharField(max_length=MAX_NAME + 10)
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = CreatedAtField()

    class Meta:
        indexes = [models.Index(fields=["registration", "at"], name="files_of_registration")]

    def __str__(self) -> str:
        return self.original_name
