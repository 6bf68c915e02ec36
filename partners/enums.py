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


class PartnerTask(models.TextChoices):
    """What a partner does to have its profile in order, in the order of the task list."""

    TERRITORIES = "TERRITORIES", _("Choose your territories")
    PRODUCT_LINES = "PRODUCT_LINES", _("Choose your product lines")
    SKILLS = "SKILLS", _("Say what you know how to do")
    SALES = "SALES", _("Name a sales contact")
    SIGNER = "SIGNER", _("Name who may sign")
    HOURS = "HOURS", _("State your business hours")
    TERMS = "TERMS", _("Accept the terms")
    CONFIRM = "CONFIRM", _("Confirm that everything is right")


NEEDED_TO_CONFIRM = (PartnerTask.TERRITORIES, PartnerTask.PRODUCT_LINES, PartnerTask.SALES)
"""Without these a profile tells nothing, so nobody can say that it is right."""
