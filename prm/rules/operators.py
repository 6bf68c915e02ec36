"""The comparisons: each one as a predicate over a fact and as a filter over a column.

Both sides are two-valued. An empty fact satisfies no positive comparison; every negative comparison
is the exact opposite of its positive twin, in Python and in SQL alike.
"""

from collections.abc import Callable
from decimal import Decimal
from enum import Enum
from typing import Any

from django.db.models import DecimalField, Q, TextChoices, Value
from django.utils.translation import gettext_lazy as _

from prm import portal
from prm.money import Money
from prm.rules.amounts import Amounts
from prm.rules.fields import Field, Kind


class Op(TextChoices):
    """How a fact is compared; the labels read as the middle of a sentence."""

    IS = "IS", _("is")
    IS_NOT = "IS_NOT", _("is not")
    ONE_OF = "ONE_OF", _("is one of")
    NONE_OF = "NONE_OF", _("is none of")
    CONTAINS = "CONTAINS", _("contains")
    STARTS_WITH = "STARTS_WITH", _("starts with")
    LESS = "LESS", _("is less than")
    AT_MOST = "AT_MOST", _("is at most")
    MORE = "MORE", _("is more than")
    AT_LEAST = "AT_LEAST", _("is at least")
    BETWEEN = "BETWEEN", _("is between")
    BEFORE = "BEFORE", _("is before")
    UNTIL = "UNTIL", _("is on or before")
    AFTER = "AFTER", _("is after")
    FROM = "FROM", _("is on or after")
    HAS = "HAS", _("has")
    HAS_ANY = "HAS_ANY", _("has any of")
    HAS_ALL = "HAS_ALL", _("has all of")
    HAS_NONE = "HAS_NONE", _("has none of")
    EMPTY = "EMPTY", _("is empty")
    FILLED = "FILLED", _("is filled in")


class Arity(Enum):
    """How many values a comparison takes."""

    NONE = 0
    ONE = 1
    TWO = 2
    MANY = 3


OPPOSITES = {
    Op.IS_NOT: Op.IS,
    Op.NONE_OF: Op.ONE_OF,
    Op.HAS_NONE: Op.HAS_ANY,
    Op.FILLED: Op.EMPTY,
}
_EITHER = (Op.EMPTY, Op.FILLED)
_AMOUNTS = (Op.IS, Op.IS_NOT, Op.LESS, Op.AT_MOST, Op.MORE, Op.AT_LEAST, Op.BETWEEN, *_EITHER)
ALLOWED: dict[str, tuple[Op, ...]] = {
    Kind.TEXT: (Op.IS, Op.IS_NOT, Op.CONTAINS, Op.STARTS_WITH, *_EITHER),
    Kind.CHOICE: (Op.IS, Op.IS_NOT, Op.ONE_OF, Op.NONE_OF, *_EITHER),
    Kind.NUMBER: _AMOUNTS,
    Kind.MONEY: _AMOUNTS,
    Kind.DATE: (
        Op.IS, Op.IS_NOT, Op.BEFORE, Op.UNTIL, Op.AFTER, Op.FROM, Op.BETWEEN, *_EITHER
    ),
    Kind.YES_NO: (Op.IS, Op.IS_NOT, *_EITHER),
    Kind.SET: (Op.HAS, Op.HAS_ANY, Op.HAS_ALL, Op.HAS_NONE, *_EITHER),
}  # fmt: skip
_ARITIES = {
    Op.EMPTY: Arity.NONE,
    Op.FILLED: Arity.NONE,
    Op.BETWEEN: Arity.TWO,
    Op.ONE_OF: Arity.MANY,
    Op.NONE_OF: Arity.MANY,
    Op.HAS_ANY: Arity.MANY,
    Op.HAS_ALL: Arity.MANY,
    Op.HAS_NONE: Arity.MANY,
}


class CannotFilter(TypeError):
    """The field has no column, so its condition cannot become a database filter."""


def arity(op: Op) -> Arity:
    """Return how many values a comparison takes."""
    return _ARITIES.get(op, Arity.ONE)


def holds(op: Op, actual: Any, value: Any) -> bool:
    """Return whether a fact satisfies a comparison."""
    if op in OPPOSITES:
        return not holds(OPPOSITES[op], actual, value)
    if op is Op.EMPTY:
        return actual is None or actual in ("", frozenset())
    if actual is None:
        return False
    if isinstance(actual, Money | Amounts):
        return _money_holds(op, actual, value)
    return _PREDICATES[op](actual, value)


def _money_holds(op: Op, actual: Money | Amounts, value: Any) -> bool:
    """Compare in the currency of the rule's value; an amount not known in it satisfies nothing."""
    bounds = value if isinstance(value, tuple) else (value,)
    amounts = actual if isinstance(actual, Amounts) else Amounts(actual)
    known = amounts.in_currency(bounds[0].currency)
    return known is not None and _PREDICATES[op](known, value)


_PREDICATES: dict[Op, Callable[[Any, Any], bool]] = {
    Op.IS: lambda actual, value: bool(actual == value),
    Op.ONE_OF: lambda actual, value: actual in value,
    Op.CONTAINS: lambda actual, value: value in actual,
    Op.STARTS_WITH: lambda actual, value: bool(actual.startswith(value)),
    Op.LESS: lambda actual, value: bool(actual < value),
    Op.AT_MOST: lambda actual, value: bool(actual <= value),
    Op.MORE: lambda actual, value: bool(actual > value),
    Op.AT_LEAST: lambda actual, value: bool(actual >= value),
    Op.BEFORE: lambda actual, value: bool(actual < value),
    Op.UNTIL: lambda actual, value: bool(actual <= value),
    Op.AFTER: lambda actual, value: bool(actual > value),
    Op.FROM: lambda actual, value: bool(actual >= value),
    Op.BETWEEN: lambda actual, value: bool(value[0] <= actual <= value[1]),
    Op.HAS: lambda actual, value: value in actual,
    Op.HAS_ANY: lambda actual, value: not actual.isdisjoint(value),
    Op.HAS_ALL: lambda actual, value: actual.issuperset(value),
}
_LOOKUPS = {
    Op.IS: "exact",
    Op.ONE_OF: "in",
    Op.CONTAINS: "contains",
    Op.STARTS_WITH: "startswith",
    Op.LESS: "lt",
    Op.AT_MOST: "lte",
    Op.MORE: "gt",
    Op.AT_LEAST: "gte",
    Op.BEFORE: "lt",
    Op.UNTIL: "lte",
    Op.AFTER: "gt",
    Op.FROM: "gte",
}


def condition(op: Op, field: Field, value: Any) -> Q:
    """Return a comparison as a filter; raises CannotFilter when the field has no column."""
    if not field.filters:
        raise CannotFilter(field.name)
    if op in OPPOSITES:
        return ~condition(OPPOSITES[op], field, value)
    if field.kind is Kind.SET:
        return _set_condition(op, field, value)
    if op is Op.EMPTY:
        return _empty(field)
    known = Q((f"{field.path}__isnull", False))
    if op is Op.BETWEEN:
        low, high = value
        return known & _compare(Op.AT_LEAST, field, low) & _compare(Op.AT_MOST, field, high)
    return known & _compare(op, field, value)


def _compare(op: Op, field: Field, value: Any) -> Q:
    lookup = f"{field.path}__{_LOOKUPS[op]}"
    if isinstance(value, Money):
        same = Q((field.currency_path, value.currency))
        return same & Q((lookup, _exact(value.amount))) | ~same & _compare_at_home(op, field, value)
    if isinstance(value, Decimal):
        return Q((lookup, _exact(value)))
    return Q((lookup, value))


def _compare_at_home(op: Op, field: Field, value: Money) -> Q:
    """Return the comparison of amounts in other currencies, by what they were in the portal's."""
    if not field.home_path or value.currency != portal.current().currency:
        return Q(pk__in=[])
    known = Q((f"{field.home_path}__isnull", False))
    return known & Q((f"{field.home_path}__{_LOOKUPS[op]}", _exact(value.amount)))


def _exact(number: Decimal) -> Value:
    """Hand a number to SQL as it is: an integer column would cut it down to an integer."""
    return Value(number, output_field=DecimalField())


def _empty(field: Field) -> Q:
    missing = Q((f"{field.path}__isnull", True))
    if field.kind in (Kind.TEXT, Kind.CHOICE):
        return missing | Q((field.path, ""))
    return missing


def _set_condition(op: Op, field: Field, value: Any) -> Q:
    codes = [value] if op is Op.HAS else list(value or ())
    if field.member is not None:
        return _member_condition(op, field.member, codes)
    known = Q((f"{field.path}__isnull", False))
    if op is Op.EMPTY:
        return ~known | Q((field.path, []))
    lookup = "overlap" if op is Op.HAS_ANY else "contains"
    return known & Q((f"{field.path}__{lookup}", codes))


def _member_condition(op: Op, member: Callable[[str | None], Q], codes: list[str]) -> Q:
    if op is Op.EMPTY:
        return ~member(None)
    first, *others = (member(code) for code in codes)
    for other in others:
        first = first | other if op is Op.HAS_ANY else first & other
    return first
