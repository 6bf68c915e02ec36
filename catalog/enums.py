"""The kinds of entries a catalog has."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What an entry names; the value is also its part of the address."""

    PRODUCT_LINES = "product-lines", _("Product lines")
    TERRITORIES = "territories", _("Territories")
    INDUSTRIES = "industries", _("Industries")
    SKILLS = "skills", _("Skills")
    TIERS = "tiers", _("Tiers")
