"""The choices of this room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Designation(models.TextChoices):
    """Whom a company is open to."""

    OPEN = "OPEN", _("Open")
    VENDOR_DIRECT = "VENDOR_DIRECT", _("Vendor-direct")
    RESTRICTED = "RESTRICTED", _("Restricted")


class Standing(models.TextChoices):
    """Whether a person has confirmed who the company is."""

    PROVISIONAL = "PROVISIONAL", _("Provisional")
    CONFIRMED = "CONFIRMED", _("Confirmed")


class NameSource(models.TextChoices):
    """Where a name or domain comes from."""

    TYPED = "TYPED", _("Typed in a registration")
    CONFIRMED = "CONFIRMED", _("Confirmed by staff")
    ALIAS = "ALIAS", _("Confirmed as another name")
    IMPORT = "IMPORT", _("Imported")
    SEED = "SEED", _("Supplied with the portal")


class NameFormKind(models.TextChoices):
    """Which part of a typed name a comparable form was made of."""

    MAIN = "MAIN", _("The name")
    TRADE = "TRADE", _("Trade name")
    FORMER = "FORMER", _("Former name")
    INSIDE = "INSIDE", _("In brackets")


class Verdict(models.TextChoices):
    """What a person said about two companies."""

    SAME = "SAME", _("Same company")
    DIFFERENT = "DIFFERENT", _("Different companies")
    RELATED = "RELATED", _("Related companies")
