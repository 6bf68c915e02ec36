"""The choices of the room: what contacts do, what a gate keeps, who an agreement is for."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from prm.access import Role


class Function(models.TextChoices):
    """What a contact does at a partner."""

    PRINCIPAL = "PRINCIPAL", _("Principal")
    SALES = "SALES", _("Sales")
    TECHNICAL = "TECHNICAL", _("Technical")
    MARKETING = "MARKETING", _("Marketing")
    ACCOUNTING = "ACCOUNTING", _("Accounting")


FUNCTION_OF = {Role.SELLER: Function.SALES, Role.PARTNER_ADMINISTRATOR: Function.PRINCIPAL}
"""What somebody who joins in a role does, until the profile says otherwise."""


class Gate(models.TextChoices):
    """What stays closed to a partner whose profile or terms are not in order."""

    REGISTRATION = "REGISTRATION", _("Registering deals")
    LEADS = "LEADS", _("Getting leads")


class RequiredOf(models.TextChoices):
    """Which partners an agreement version is required of."""

    ALL = "ALL", _("All partners")
    TERRITORIES = "TERRITORIES", _("Partners in certain territories")
    COUNTRIES = "COUNTRIES", _("Partners from certain countries")
