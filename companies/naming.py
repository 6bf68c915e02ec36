"""What may be a company's name. Pure."""

from __future__ import annotations

from django.utils.translation import gettext as _

from companies.matching import clean, normalise

NAME_LENGTH = 200


class NameUnusable(ValueError):
    """What was typed cannot be a company's name; the text says why, ready to show."""


def check_name(typed: str) -> str:
    """The name as it is stored, or NameUnusable with a sentence."""
    if len(typed) > 20 * NAME_LENGTH:
        raise NameUnusable(_too_long())
    name = clean(typed)
    if not name:
        raise NameUnusable(_("Enter the name of the company."))
    if len(name) > NAME_LENGTH:
        raise NameUnusable(_too_long())
    if not normalise(name):
        raise NameUnusable(_("Enter a name with at least one letter or digit."))
    return name


def _too_long() -> str:
    return _("Use at most %(count)s characters for the name.") % {"count": NAME_LENGTH}
