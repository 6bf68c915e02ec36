"""One thing that must happen at a time."""

from django.db import models

from prm.timestamps import CreatedAtField


class DueRow(models.Model):
    """Exists until its handler has run; `kind` and `key` name it, so scheduling twice is once."""

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=120)
    subject = models.CharField(max_length=80, blank=True)
    due_at = models.DateTimeField()
    data = models.JSONField(default=dict)
    attempts = models.PositiveSmallIntegerField(default=0)
    parked_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    created_at = CreatedAtField()

    class Meta:
        db_table = "prm_due_row"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"], name="a due row exists once per kind and key"
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=models.Q(parked_at=None), name="prm_due_row_waiting"
            ),
            models.Index(fields=["subject"], name="prm_due_row_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
