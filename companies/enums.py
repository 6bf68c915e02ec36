"""The choices of this room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Designation(models.TextChoices):
    """Whom a company is open to."""

    OPEN = "OPEN", _("Open")
    VENDOR_DIRECT = "VENDOR_DIRECT", _("Vendor-direct")
    RESTRICTED = "RESTRICTED", _("Restricted")


class DesignationSource(models.TextChoices):
    """Who said whom a company is open to; a person beats a list, a list beats the rules."""

    HAND = "HAND", _("By hand")
    LIST = "LIST", _("By a list")
    RULE = "RULE", _("By the rules")


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
    OUTDATED = "OUTDATED", _("Different, but changed since")


class Relation(models.TextChoices):
    """How a company is related to the one that is looked at."""

    PARENT = "PARENT", _("Parent")
    SUBSIDIARY = "SUBSIDIARY", _("Subsidiary")
    SIBLING = "SIBLING", _("Sister company")


class NumberScheme(models.TextChoices):
    """Well-known kinds of registration numbers; others are kept under a code of their own."""

    VAT = "VAT", _("VAT number")
    LEI = "LEI", _("Legal entity identifier (LEI)")
    DUNS = "DUNS", _("D-U-N-S number")
    REGISTER = "REGISTER", _("Trade register")
    TAX = "TAX", _("Tax number")


class LoadState(models.TextChoices):
    """Where a list that is being loaded stands."""

    MAPPING = "MAPPING", _("Columns to be matched")
    CHECKING = "CHECKING", _("Being checked")
    CHECKED = "CHECKED", _("Checked")
    LOADING = "LOADING", _("Being loaded")
    LOADED = "LOADED", _("Loaded")
    UNDOING = "UNDOING", _("Being undone")
    UNDONE = "UNDONE", _("Undone")
    DISCARDED = "DISCARDED", _("Discarded")


class RowOutcome(models.TextChoices):
    """What a row of a list does, or would do."""

    CREATE = "CREATE", _("New company")
    UPDATE = "UPDATE", _("Adds to a company")
    SKIP = "SKIP", _("Nothing new")
    ERROR = "ERROR", _("Cannot be loaded")


class ScanState(models.TextChoices):
    """Where a search for duplicates stands."""

    RUNNING = "RUNNING", _("Running")
    FINISHED = "FINISHED", _("Finished")
    STOPPED = "STOPPED", _("Stopped")
