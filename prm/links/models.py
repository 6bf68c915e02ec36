"""One permission to do one thing, for one person, until a date."""

import uuid

from django.db import models

from prm.timestamps import CreatedAtField


class ActionLink(models.Model):
    """The row behind a link; the token is an HMAC over it and is never stored."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    purpose = models.CharField(max_length=60)
    subject = models.UUIDField()
    record_version = models.PositiveIntegerField(default=0)
    recipient_uid = models.UUIDField(null=True)
    email = models.EmailField(blank=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    data = models.JSONField(default=dict)
    created_at = CreatedAtField()

    class Meta:
        db_table = "prm_action_link"
        indexes = [models.Index(fields=["subject"], name="prm_action_link_subject")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.uid}"
