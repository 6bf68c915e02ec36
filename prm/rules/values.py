"""Values of rules: read from JSON, written to JSON, taken from facts, shown to people."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from prm.money import CURRENCIES, Money, format_money
from prm.rules.amounts import Amounts
from prm.rules.fields import Field, Kind
from prm.ui.dates import format_date

Text = str | Promise
MAX_TEXT = 500
MAX_DIGITS = 30


class ValueRefused(ValueError):
    """A rule's value is not of the field's type; the message can be shown."""


class FactMissing(KeyError):
    """A rule asks for a fact that was not handed in. None is a fact; leaving it out is a mistake."""


class FactMistyped(TypeError):
    """A fact is not of its field's type."""


def read(field: Field, raw: Any, *, strict: bool = True) -> Any:
    """Return the typed value of JSON; for a set, one member. Raises ValueRefused.

    Unless it is strict, a code that is no longer among the choices will do.
    """
    value = _READERS[field.kind](field, raw)
    options = field.options() if strict and field.kind in (Kind.CHOICE, Kind.SET) else None
    if options is not None and value not in options:
        raise ValueRefused(gettext_lazy("This is not one of the choices."))
    return value


def read_outcome(field: Field, raw: Any, *, strict: bool = True) -> Any:
    """Return the typed value of an outcome's JSON; a set is a list of members. Raises ValueRefused."""
    if field.kind is not Kind.SET:
        value = read(field, raw, strict=strict)
        if strict and field.kind is Kind.NUMBER:
            _check_number(field, value)
        return value
    if not isinstance(raw, list):
        raise ValueRefused(gettext_lazy("This must be a list."))
    members = frozenset(read(field, item, strict=strict) for item in raw)
    if strict and (field.whole or field.least is not None):
        for member in members:
            _check_number(field, _read_number(field, member))
    return members


def _check_number(field: Field, number: Decimal) -> None:
    if field.whole and number != number.to_integral_value():
        raise ValueRefused(gettext_lazy("This must be a whole number."))
    if field.least is not None and number < field.least:
        raise ValueRefused(_("This must be at least %(least)d.") % {"least": field.least})
    if field.most is not None and number > field.most:
        raise ValueRefused(_("This must be at most %(most)d.") % {"most": field.most})


def write(value: Any) -> Any:
    """Return the JSON of a typed value; numbers are text, so nothing is rounded on the way."""
    if isinstance(value, Amounts):
        return write(value.given) | ({} if value.home is None else {"home": write(value.home)})
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
    if not isinstance(raw, str) or not raw or len(raw) > MAX_TEXT or "\x00" in raw:
        raise ValueRefused(gettext_lazy("This must be a code."))
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
    if field.kind is Kind.MONEY and isinstance(value, Money | Amounts):
        return _money_fact(field, value)
    if not _is_fact(field, value):
        raise FactMistyped(f"{field.name} is {type(value).__name__}, not {field.kind}.")
    return field.fold(value) if field.fold else value


def _money_fact(field: Field, value: Money | Amounts) -> Money | Amounts:
    """Return what a filter would compare: both amounts, or without such a column only the given one."""
    if field.home_path:
        return value if isinstance(value, Amounts) else Amounts(value)
    return value.given if isinstance(value, Amounts) else value


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
        return ", ".join(show(field, item) for item in _ordered(value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Amounts):
        given = show(field, value.given)
        if value.home is None or value.home.currency == value.given.currency:
            return given
        return f"{given} ({show(field, value.home)})"
    if isinstance(value, Money):
        whole = value.amount == value.amount.to_integral_value()
        return format_money(value, get_language() or "en", whole=whole)
    if isinstance(value, date):
        return format_date(value)
    options = field.options() or {}
    return str(options.get(value, value))


def _ordered(value: tuple[Any, ...] | frozenset[Any]) -> list[Any]:
    """Return a set's members sorted, numbers by size; a tuple as it is."""
    if isinstance(value, tuple):
        return list(value)
    figures = all(str(item).isdecimal() for item in value)
    return sorted(value, key=lambda item: (int(item) if figures else 0, str(item)))


def revive(field: Field, raw: Any) -> Any:
    """Return a stored value as it was, as far as the field still knows; else the raw one. Never raises."""
    if raw is None or raw == "":
        return raw
    if isinstance(raw, list):
        items = [revive(field, item) for item in raw]
        return frozenset(items) if field.kind is Kind.SET else tuple(items)
    try:
        return (
            _revived_money(field, raw)
            if isinstance(raw, Mapping)
            else read(field, raw, strict=False)
        )
    except ValueRefused:
        return raw if isinstance(raw, str | bool | int) else str(raw)


def _revived_money(field: Field, raw: Mapping[str, Any]) -> Money | Amounts:
    given = _read_money(field, {name: raw[name] for name in raw if name != "home"})
    return Amounts(given, _read_money(field, raw["home"])) if "home" in raw else given
