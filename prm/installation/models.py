"""Rows of the public schema that belong to no tenant."""

from datetime import timedelta

from django.db import models


class InstallationClock(models.Model):
    """The demo's offset from real time; one row, read by `prm.clock`."""

    shift = models.DurationField(default=timedelta)

    class Meta:
        db_table = "installation_clock"
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="one installation has one clock")
        ]


class Heartbeat(models.Model):
    """When the workers last proved that they work; real time, not the demo's."""

    beat_at = models.DateTimeField()

    class Meta:
        db_table = "installation_heartbeat"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(id=1), name="one installation has one heartbeat"
            )
        ]


class SchemaCheck(models.Model):
    """What the last comparison of every schema found: sentences by schema, none where all is well."""

    checked_at = models.DateTimeField()
    schemas = models.PositiveIntegerField()
    seconds = models.FloatField()
    findings = models.JSONField(default=dict)

    class Meta:
        db_table = "installation_schema_check"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(id=1), name="one installation has one schema check"
            )
        ]


class Erasure(models.Model):
    """Whose private parts were erased where and when; a restored backup has them erased again.

    It lives in public, because what is restored is from before, and what it replaces may be lost. Ids only.
    """

    tenant_uid = models.UUIDField()
    subject_label = models.CharField(max_length=100)
    subject_uid = models.UUIDField()
    erased_at = models.DateTimeField()

    class Meta:
        db_table = "installation_erasure"
        indexes = [models.Index(fields=["tenant_uid", "erased_at"], name="erasures of a tenant")]
