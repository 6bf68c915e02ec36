"""A notice's context as JSON: dates, amounts and decimals come back as what they were."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

from prm.money import Money


class NotPlain(TypeError):
    """A value that a notice cannot keep: pass ids, texts, numbers, dates or amounts."""


def freeze(value: Any) -> Any:
    """Return JSON for a value; lazy texts are spelt in the active language. Raises NotPlain."""
    if isinstance(value, bool | None):
        return value
    if isinstance(value, str | Promise | UUID):
        return str(value)
    if isinstance(value, int | float):
        return value
    if isinstance(value, datetime):
        return {"$at": value.isoformat()}
    if isinstance(value, date):
        return {"$day": value.isoformat()}
    if isinstance(value, Decimal):
        return {"$decimal": str(value)}
    if isinstance(value, Money):
        return {"$money": [str(value.amount), value.currency]}
    if isinstance(value, Mapping):
        return {str(key): freeze(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [freeze(item) for item in value]
    raise NotPlain(f"A notice cannot keep {type(value).__name__}.")


def thaw(value: Any) -> Any:
    """Return what `freeze` was given."""
    if isinstance(value, list):
        return [thaw(item) for item in value]
    if not isinstance(value, dict):
        return value
    match value:
        case {"$at": str(text)}:
            return datetime.fromisoformat(text)
        case {"$day": str(text)}:
            return date.fromisoformat(text)
        case {"$decimal": str(text)}:
            return Decimal(text)
        case {"$money": [str(amount), str(currency)]}:
            return Money(Decimal(amount), currency)
    return {key: thaw(item) for key, item in value.items()}
