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
