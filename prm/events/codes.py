"""What event codes mean in words; each room names its own when the app starts."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

_NAMES: dict[str, Any] = {}


def name_codes(names: Mapping[str, Any]) -> None:
    """Register lazily translated names of event codes: ``{"registration.approved": _("Approved")}``."""
    _NAMES.update(names)


def describe(code: str) -> str:
    """Return a code's name in the active language; an unnamed code is spelt out."""
    if code in _NAMES:
        return str(_NAMES[code])
    return _("Event “%(code)s”") % {"code": code}


def named_codes() -> tuple[str, ...]:
    """Return the registered codes, sorted; filters of the audit list offer them."""
    return tuple(sorted(_NAMES))
