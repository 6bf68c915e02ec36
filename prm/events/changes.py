"""What an edit changed, in the shape that events keep: `{"changes": {field: [old, new]}}`.

Codes go to the chained data, texts to the private part; see `prm.events.record`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Change:
    """One field of an edit, ready to show."""

    label: str
    old: str
    new: str


def between(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Return `{field: [old, new]}` of the fields in `new` whose value differs."""
    return {name: [old[name], value] for name, value in new.items() if old[name] != value}


def payload(changed: Mapping[str, list[Any]]) -> dict[str, Any]:
    """Return what an event stores of changes; nothing when there are none."""
    return {"changes": dict(changed)} if changed else {}
