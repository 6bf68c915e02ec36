"""What a vendor decides about its portal: brand, languages, time, currency, sender."""

import datetime
import uuid
from pathlib import PurePosixPath
from zoneinfo import ZoneInfo

from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from prm.timestamps import TimeStamped


class Weekday(models.IntegerChoices):
    """ISO weekdays minus one, as `date.weekday()` counts."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class PortalSettings(TimeStamped):
    """One row per tenant, id 1; written by `prm.portal.services` only."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=80)
    brand_colour = models.CharField(
        max_length=7, default="#1b57b8", validators=[RegexValidator(r"^#[0-9a-f]{6}$")]
    )
    logo = models.CharField(max_length=200, blank=True)
    languages = models.JSONField(default=list)
    language = models.CharField(max_length=5, default="en")
    zone = models.CharField(max_length=64, default="UTC")
    currency = models.CharField(max_length=3, default="USD")
    holidays_country = models.CharField(max_length=2, blank=True)
    sender_name = models.CharField(max_length=80, blank=True)
    reply_to = models.EmailField(blank=True)
    help_text = models.CharField(max_length=300, blank=True)
    require_staff_mfa = models.BooleanField(default=False)

    class Meta:
        db_table = "prm_portal_settings"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(id=1), name="a portal has one row of settings"
            ),
            models.CheckConstraint(
                condition=models.Q(brand_colour__regex=r"^#[0-9a-f]{6}$"),
                name="a brand colour is six hexadecimal digits",
            ),
            models.CheckConstraint(
                condition=models.Q(currency__regex=r"^[A-Z]{3}$"),
                name="a currency is three letters",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def tzinfo(self) -> ZoneInfo:
        """The portal's time zone."""
        return ZoneInfo(self.zone)

    @property
    def logo_url(self) -> str:
        """Where the logo is shown; nothing without one."""
        return reverse("logo", args=[PurePosixPath(self.logo).name]) if self.logo else ""


class OpeningHours(models.Model):
    """Hours in which the vendor works, in the portal's zone; several spans a day are fine.

    Closing at 00:00 means the end of the day.
    """

    weekday = models.SmallIntegerField(choices=Weekday.choices)
    opens_at = models.TimeField()
    closes_at = models.TimeField()

    class Meta:
        db_table = "prm_opening_hours"
        ordering = ["weekday", "opens_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(opens_at__lt=models.F("closes_at"))
                | models.Q(closes_at=datetime.time(0)),
                name="opening hours close after they open",
            ),
            models.UniqueConstraint(
                fields=["weekday", "opens_at"], name="opening hours start once a day at a time"
            ),
        ]


class Closure(models.Model):
    """A day on which the vendor does not work, beside its country's holidays."""

    day = models.DateField(unique=True)
    name = models.CharField(max_length=80)

    class Meta:
        db_table = "prm_closure"
        ordering = ["day"]


class ExchangeRate(models.Model):
    """Units of the portal's currency for one unit of another, from an instant on. Only ever added.

    `home` is what the portal's currency was: when it changes, the old rates say nothing any more.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    currency = models.CharField(max_length=3)
    home = models.CharField(max_length=3)
    rate = models.DecimalField(max_digits=20, decimal_places=10)
    effective_at = models.DateTimeField()
    entered_at = models.DateTimeField()
    author_uid = models.UUIDField(null=True)

    class Meta:
        db_table = "prm_exchange_rate"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(rate__gt=0), name="an exchange rate is above zero"
            ),
            models.CheckConstraint(
                condition=models.Q(currency__regex=r"^[A-Z]{3}$", home__regex=r"^[A-Z]{3}$"),
                name="an exchange rate names two currencies",
            ),
            models.CheckConstraint(
                condition=~models.Q(currency=models.F("home")),
                name="an exchange rate is between two currencies",
            ),
            models.CheckConstraint(
                condition=models.Q(effective_at__gte=models.F("entered_at")),
                name="exchange rates never apply backwards",
            ),
        ]
        indexes = [
            models.Index(
                fields=["home", "currency", "-effective_at"], name="prm_exchange_rate_in_force"
            )
        ]

    def __str__(self) -> str:
        return f"1 {self.currency} = {self.rate.normalize():f} {self.home}"
