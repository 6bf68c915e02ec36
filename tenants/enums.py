"""States of a portal, and the steps of opening one."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PortalState(models.TextChoices):
    """What an operator sees; derived from the tenant's row, never stored."""

    OPENING = "OPENING", _("Opening")
    FAILED = "FAILED", _("Opening failed")
    LIVE = "LIVE", _("Live")
    SUSPENDED = "SUSPENDED", _("Suspended")
    LEAVING = "LEAVING", _("To be deleted")


class OpeningStep(models.TextChoices):
    """How far the opening of a portal has come; in this order."""

    RESERVED = "RESERVED", _("Name and host reserved")
    TABLES = "TABLES", _("Making the tables")
    SETTINGS = "SETTINGS", _("Writing the first settings")
    INVITATION = "INVITATION", _("Inviting the first administrator")
