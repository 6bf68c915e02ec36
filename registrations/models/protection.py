"""The protections that registrations earn, and who holds them."""

import uuid
from datetime import date, datetime, timedelta
from typing import ClassVar, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from companies.models import Company
from partners.models import Partner
from prm import clock, portal
from prm.timestamps import CreatedAtField
from registrations.fields import Int4MultirangeField
from registrations.models.registration import Registration


def last_day(end: datetime) -> date:
    """Return the last protected day of a protection that ends at local midnight after it."""
    return (end.astimezone(portal.zone()) - timedelta(seconds=1)).date()


class ProtectionQuerySet(models.QuerySet["Protection"]):
    """Chainable filters over protections."""

    def at(self, instant: datetime) -> Self:
        """Protections in force at an instant, whatever any worker has done."""
        return self.filter(period__contains=instant)


class Protection(models.Model):
    """The dated period in which its holders are the only ones in that scope at that company.

    The exclusion constraint is the last word on who owns what. It ends by itself when its time is
    over; ended early, its upper bound is cut; undone, its period is empty.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="protections")
    products = Int4MultirangeField()
    places = Int4MultirangeField()
    period = DateTimeRangeField()
    created_at = CreatedAtField()

    objects: ClassVar[models.Manager["Protection"]] = ProtectionQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="one protection per scope and time",
                expressions=[
                    (F("company"), RangeOperators.EQUAL),
                    (F("products"), RangeOperators.OVERLAPS),
                    (F("places"), RangeOperators.OVERLAPS),
                    (F("period"), RangeOperators.OVERLAPS),
                ],
            )
        ]
        indexes = [models.Index(F("period__endswith"), name="protections_by_end")]

    @property
    def ends_at(self) -> datetime:
        """The instant at which it is over (UTC)."""
        upper: datetime = self.period.upper
        return upper

    @property
    def last_day(self) -> date:
        """The last protected day in the portal's zone."""
        return last_day(self.ends_at)

    @property
    def days_left(self) -> int:
        """How many days it still lasts, today included; 0 once it is over."""
        return max(0, (self.last_day - clock.today(portal.zone())).days + 1)


class ProtectionHolder(models.Model):
    """Who holds a protection, through which registration; several for a joint approval."""

    protection = models.ForeignKey(Protection, on_delete=models.CASCADE, related_name="holders")
    registration = models.ForeignKey(
        Registration, on_delete=models.PROTECT, related_name="holdings"
    )
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="holdings")
    share = models.PositiveSmallIntegerField(default=100)
    ended_at = models.DateTimeField(null=True)  # let go before the protection itself was over

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["protection", "registration"],
                name="a protection is held once per registration",
            ),
            models.CheckConstraint(
                condition=Q(share__gte=1, share__lte=100), name="a share is 1 to 100"
            ),
        ]
