"""What is odd about a rule set: said to the administrator before it is published."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Weight(TextChoices):
    """How much a finding matters."""

    ERROR = "ERROR", _("Does not work")
    WARNING = "WARNING", _("Probably not meant")
    NOTE = "NOTE", _("Good to know")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about one rule, or about the whole set when `rule` is empty; `code` is for machines."""

    code: str
    weight: Weight
    text: str | Promise
    rule: str = ""
    others: tuple[str, ...] = ()
