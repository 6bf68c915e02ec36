"""Choices of a person's preferences."""

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
