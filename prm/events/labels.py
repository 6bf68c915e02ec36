"""How events read and look: every room registers its codes and field names when the app starts.

    labels.register("partner.ended", _("Partnership ended"), icon="close", tone="danger")

The words are those of `prm.events.codes`; icon and tone are for the timeline and the audit list.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from prm.events.codes import describe, name_codes, named_codes

Text = str | Promise
MISSING = "\u2013"


@dataclass(frozen=True, slots=True)
class Look:
    """The icon (of the sprite) and the tone (of the status tones) of one kind of event."""

    icon: str = "dot"
    tone: str = "neutral"


_PLAIN = Look()
_looks: dict[str, Look] = {}
_fields: dict[str, Text] = {}
_values: dict[str, Callable[[str], Any]] = {}
_groups: dict[str, Text] = {}


def register(code: str, text: Text, *, icon: str = "dot", tone: str = "neutral") -> None:
    """Say what an event code means (`text` is lazy) and how it looks."""
    name_codes({code: text})
    _looks[code] = Look(icon, tone)


def register_fields(names: Mapping[str, Text]) -> None:
    """Say what the fields are called that the `changes` of events name."""
    _fields.update(names)


def register_group(prefix: str, name: Text) -> None:
    """Say what the events are called together whose codes begin so, where no field has that name."""
    _groups[prefix] = name


def group(prefix: str) -> str:
    """Return what a group of codes is called in the audit list's filter."""
    return str(_groups[prefix]) if prefix in _groups else field(prefix)


def register_values(name: str, words: Mapping[str, Text] | Callable[[str], Any]) -> None:
    """Say what the codes mean that a field holds: a mapping, or a function of the code."""
    _values[name] = words.get if isinstance(words, Mapping) else words


def look(code: str) -> Look:
    """Return how a code looks; an unregistered one is plain."""
    return _looks.get(code, _PLAIN)


def choices() -> list[tuple[str, str]]:
    """Return (code, words) of every registered code, sorted by code."""
    return [(code, describe(code)) for code in named_codes()]


def field(name: str) -> str:
    """Return what a changed field is called."""
    return str(_fields.get(name, name.replace("_", " ")))


def spell(name: str, value: Any) -> str:
    """Return a recorded value of a field as a reader expects it."""
    if value is None or value in ("", [], {}):
        return MISSING
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return ", ".join(spell(name, item) for item in value)
    words = _values[name](str(value)) if name in _values else None
    return str(words or value)


def is_field(name: str) -> bool:
    """Return whether a field has a name: others of an event's data are for machines only."""
    return name in _fields
