"""Choices of a person's preferences, and how an invitation stands."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Theme(models.TextChoices):
    """Light, dark, or as the device says."""

    AUTO = "AUTO", _("As my device")
    LIGHT = "LIGHT", _("Light")
    DARK = "DARK", _("Dark")


class Density(models.TextChoices):
    """Row height of lists."""

    COMFORTABLE = "COMFORTABLE", _("Comfortable")
    COMPACT = "COMPACT", _("Compact")


class InvitationState(models.TextChoices):
    """Open, or how it ended."""

    OPEN = "OPEN", _("Open")
    EXPIRED = "EXPIRED", _("Expired")
    ACCEPTED = "ACCEPTED", _("Accepted")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")
