"""Values of rules: read from JSON, written to JSON, taken from facts, shown to people."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from prm.money import CURRENCIES, Money, format_money
from prm.rules.fields import Field, Kind

Text = str | Promise
MAX_TEXT = 500
MAX_DIGITS = 30


class ValueRefused(ValueError):
    """A rule's value is not of the field's type; the message can be shown."""


class FactMissing(KeyError):
    """A rule asks for a fact that was not handed in. None is a fact; leaving it out is a mistake."""


class FactMistyped(TypeError):
    """A fact is not of its field's type."""


def read(field: Field, raw: Any) -> Any:
    """Return the typed value of JSON; for a set, one member. Raises ValueRefused."""
    return _READERS[field.kind](field, raw)


def read_outcome(field: Field, raw: Any) -> Any:
    """Return the typed value of an outcome's JSON; a set is a list of members. Raises ValueRefused."""
    if field.kind is not Kind.SET:
        return read(field, raw)
    if not isinstance(raw, list):
        raise ValueRefused(gettext_lazy("This must be a list."))
    return frozenset(read(field, item) for item in raw)


def write(value: Any) -> Any:
    """Return the JSON of a typed value; numbers are text, so nothing is rounded on the way."""
    if isinstance(value, Money):
        return {"amount": str(value.amount), "currency": value.currency}
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [write(item) for item in value]
    return value


def _read_text(field: Field, raw: Any) -> str:
    if not isinstance(raw, str) or not raw.strip():
        raise ValueRefused(gettext_lazy("This must be a text."))
    if len(raw) > MAX_TEXT or "\x00" in raw:
        raise ValueRefused(gettext_lazy("This text is too long or holds odd characters."))
    return _folded(field, raw)


def _folded(field: Field, raw: str) -> str:
    """The value as the facts are compared; one of which nothing is left would be in every text."""
    text = field.fold(raw) if field.fold else raw
    if not text:
        raise ValueRefused(gettext_lazy("This must be a text."))
    return text


def _read_code(field: Field, raw: Any) -> str:
    options = field.options()
    if not isinstance(raw, str) or not raw or len(raw) > MAX_TEXT or "\x00" in raw:
        raise ValueRefused(gettext_lazy("This must be a code."))
    if options is not None and raw not in options:
        raise ValueRefused(gettext_lazy("This is not one of the choices."))
    return _folded(field, raw)


def _read_number(field: Field, raw: Any) -> Decimal:
    """Read an integer or a decimal number written as text; floats are refused as inexact."""
    if isinstance(raw, bool) or not isinstance(raw, int | str):
        raise ValueRefused(gettext_lazy("This must be a number."))
    try:
        number = Decimal(raw)
    except InvalidOperation as error:
        raise ValueRefused(gettext_lazy("This must be a number.")) from error
    if not number.is_finite() or abs(number.adjusted()) > MAX_DIGITS:
        raise ValueRefused(gettext_lazy("This number is too large."))
    return number


def _read_money(field: Field, raw: Any) -> Money:
    if not isinstance(raw, Mapping) or set(raw) != {"amount", "currency"}:
        raise ValueRefused(gettext_lazy("This must be an amount with a currency."))
    if raw["currency"] not in CURRENCIES:
        raise ValueRefused(gettext_lazy("This currency is not known."))
    return Money(_read_number(field, raw["amount"]), raw["currency"])


def _read_date(field: Field, raw: Any) -> date:
    try:
        return date.fromisoformat(raw)
    except (TypeError, ValueError) as error:
        raise ValueRefused(gettext_lazy("This must be a date.")) from error


def _read_yes_no(field: Field, raw: Any) -> bool:
    if not isinstance(raw, bool):
        raise ValueRefused(gettext_lazy("This must be yes or no."))
    return raw


_READERS = {
    Kind.TEXT: _read_text,
    Kind.CHOICE: _read_code,
    Kind.NUMBER: _read_number,
    Kind.MONEY: _read_money,
    Kind.DATE: _read_date,
    Kind.YES_NO: _read_yes_no,
    Kind.SET: _read_code,
}


def fact(field: Field, facts: Mapping[str, Any]) -> Any:
    """Return the field's fact in comparable form; raises FactMissing or FactMistyped."""
    if field.name not in facts:
        raise FactMissing(field.name)
    value: Any = facts[field.name]
    if field.kind is Kind.SET:
        return _set_fact(field, value)
    if value is None:
        return None
    if field.kind is Kind.NUMBER and isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if not _is_fact(field, value):
        raise FactMistyped(f"{field.name} is {type(value).__name__}, not {field.kind}.")
    return field.fold(value) if field.fold else value


def _is_fact(field: Field, value: Any) -> bool:
    return isinstance(value, _FACT_TYPES[field.kind]) and not isinstance(value, datetime)


def _set_fact(field: Field, value: Any) -> frozenset[str]:
    if value is None:
        return frozenset()
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise FactMistyped(f"{field.name} is {type(value).__name__}, not a set.")
    return frozenset(field.fold(str(item)) if field.fold else str(item) for item in value)


_FACT_TYPES: dict[str, type] = {
    Kind.TEXT: str,
    Kind.CHOICE: str,
    Kind.NUMBER: Decimal,
    Kind.MONEY: Money,
    Kind.DATE: date,
    Kind.YES_NO: bool,
}


def show(field: Field, value: Any) -> str:
    """Return a value as a reader expects it, in the active language."""
    if value is None or value in ("", frozenset(), ()):
        return _("nothing")
    if isinstance(value, tuple | frozenset):
        parts = sorted(value) if isinstance(value, frozenset) else value
        return ", ".join(show(field, item) for item in parts)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Money):
        return format_money(value, get_language() or "en")
    if isinstance(value, date):
        return date_format(value)
    options = field.options() or {}
    return str(options.get(value, value))
