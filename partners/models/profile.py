"""A partner's own hours, and how long a confirmed profile counts."""

import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models

from partners.models.organisation import Partner
from prm.portal.models import Weekday
from prm.timestamps import TimeStamped

VALID_DAYS = 180
ANNOUNCE_DAYS = (30, 7)


def announced_by_default() -> list[int]:
    """Return when an end is announced: 30 and 7 days ahead."""
    return list(ANNOUNCE_DAYS)


class PartnerHours(models.Model):
    """Hours in which a partner works, in its own zone; none at all means the portal's hours.

    Closing at 00:00 means the end of the day.
    """

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="hours")
    weekday = models.SmallIntegerField(choices=Weekday.choices)
    opens_at = models.TimeField()
    closes_at = models.TimeField()

    class Meta:
        ordering = ["weekday", "opens_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(opens_at__lt=models.F("closes_at"))
                | models.Q(closes_at=datetime.time(0)),
                name="a partner's hours close after they open",
            ),
            models.UniqueConstraint(
                fields=["partner", "weekday", "opens_at"],
                name="a partner's hours start once a day at a time",
            ),
            models.CheckConstraint(
                condition=models.Q(weekday__range=(0, 6)), name="a partner's hours are on a weekday"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens_at:%H:%M}-{self.closes_at:%H:%M}"


class ProfileRule(TimeStamped):
    """How many days a confirmed profile counts, and how many days ahead its end is announced.

    One row per tenant, id 1; none means the defaults.
    """

    valid_days = models.PositiveSmallIntegerField(default=VALID_DAYS)
    announce_days = ArrayField(models.PositiveSmallIntegerField(), default=announced_by_default)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(id=1), name="a portal has one rule about profiles"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_days__range=(7, 3650)),
                name="a profile counts for a week to ten years",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.valid_days} days"
