"""The condition tree. One object explains (`evaluate`), decides (its `passed`) and filters."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any as Anything
from typing import TypeAlias

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from prm.rules import values
from prm.rules.fields import Field, Fields
from prm.rules.operators import ALLOWED, Arity, Op, arity, condition, holds
from prm.rules.problems import Problems
from prm.rules.trace import Trace

MAX_DEPTH = 10
MAX_ITEMS = 50


def nothing() -> Q:
    """Return the filter that no row satisfies."""
    return Q(pk__in=[])


def everything() -> Q:
    """Return the filter that every row satisfies; unlike an empty Q it can be negated."""
    return ~Q(pk__in=[])


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison. `value` is typed: text, Decimal, Money, date, bool, or a tuple of those."""

    field: Field
    op: Op
    value: Anything = None

    def compile_q(self) -> Q:
        """Return the comparison as a database filter; raises CannotFilter."""
        return condition(self.op, self.field, self.value)

    def evaluate(self, facts: Mapping[str, Anything]) -> Trace:
        """Return the result with what was found; raises FactMissing, FactMistyped."""
        actual = values.fact(self.field, facts)
        passed = holds(self.op, actual, self.value)
        return Trace("condition", passed, self.field, self.op, self.value, actual)

    def as_json(self) -> dict[str, Anything]:
        """Return the JSON that `parse` reads."""
        body = {"field": self.field.name, "op": self.op.value}
        return body if arity(self.op) is Arity.NONE else body | {"value": values.write(self.value)}


@dataclass(frozen=True, slots=True)
class All:
    """Holds when every item holds; without items it always holds."""

    items: tuple["Node", ...] = ()

    def compile_q(self) -> Q:
        """Return the filter; raises CannotFilter."""
        return reduce(and_, (item.compile_q() for item in self.items), everything())

    def evaluate(self, facts: Mapping[str, Anything]) -> Trace:
        """Return the result with all results below it."""
        found = tuple(item.evaluate(facts) for item in self.items)
        return Trace("all", all(found), items=found)

    def as_json(self) -> dict[str, Anything]:
        """Return the JSON that `parse` reads."""
        return {"all": [item.as_json() for item in self.items]}


@dataclass(frozen=True, slots=True)
class Any:
    """Holds when at least one item holds; without items it never holds."""

    items: tuple["Node", ...] = ()

    def compile_q(self) -> Q:
        """Return the filter; raises CannotFilter."""
        return reduce(or_, (item.compile_q() for item in self.items), nothing())

    def evaluate(self, facts: Mapping[str, Anything]) -> Trace:
        """Return the result with all results below it."""
        found = tuple(item.evaluate(facts) for item in self.items)
        return Trace("any", any(found), items=found)

    def as_json(self) -> dict[str, Anything]:
        """Return the JSON that `parse` reads."""
        return {"any": [item.as_json() for item in self.items]}


@dataclass(frozen=True, slots=True)
class Not:
    """Holds when its item does not."""

    item: "Node"

    def compile_q(self) -> Q:
        """Return the filter; raises CannotFilter."""
        return ~self.item.compile_q()

    def evaluate(self, facts: Mapping[str, Anything]) -> Trace:
        """Return the result with the result below it."""
        found = self.item.evaluate(facts)
        return Trace("not", not found.passed, items=(found,))

    def as_json(self) -> dict[str, Anything]:
        """Return the JSON that `parse` reads."""
        return {"not": self.item.as_json()}


Node: TypeAlias = Condition | All | Any | Not
ALWAYS: Node = All()


def parse(raw: Anything, fields: Fields, *, strict: bool = True) -> Node:
    """Read a tree from JSON; raises RuleInvalid with every problem and its place."""
    problems = Problems(strict=strict)
    node = read_node(raw, fields, "", problems)
    problems.raise_any()
    return node


def read_node(raw: Anything, fields: Fields, path: str, problems: Problems, depth: int = 0) -> Node:
    """Read one node, noting problems; what cannot be read becomes "always" and is noted."""
    if depth > MAX_DEPTH:
        problems.note(path, _("These conditions are nested too deeply."))
    elif isinstance(raw, Mapping) and set(raw) in ({"all"}, {"any"}):
        [name] = raw
        return _read_group(name, raw[name], fields, f"{path}.{name}".lstrip("."), problems, depth)
    elif isinstance(raw, Mapping) and set(raw) == {"not"}:
        return Not(read_node(raw["not"], fields, f"{path}.not".lstrip("."), problems, depth + 1))
    elif isinstance(raw, Mapping) and "field" in raw and set(raw) <= {"field", "op", "value"}:
        return _read_condition(raw, fields, path, problems)
    else:
        problems.note(path, _("This is not a condition."))
    return ALWAYS


def _read_group(
    name: str, raw: Anything, fields: Fields, path: str, problems: Problems, depth: int
) -> Node:
    if not isinstance(raw, list) or len(raw) > MAX_ITEMS:
        problems.note(path, _("This must be a list of at most 50 conditions."))
        return ALWAYS
    items = tuple(
        read_node(item, fields, f"{path}[{position}]", problems, depth + 1)
        for position, item in enumerate(raw)
    )
    return All(items) if name == "all" else Any(items)


def _read_condition(
    raw: Mapping[str, Anything], fields: Fields, path: str, problems: Problems
) -> Node:
    name, operator = raw.get("field"), raw.get("op")
    if not isinstance(name, str) or name not in fields:
        problems.note(f"{path}.field".lstrip("."), _("This field is not known."))
        return ALWAYS
    field = fields[name]
    if not isinstance(operator, str) or operator not in Op.values:
        problems.note(f"{path}.op".lstrip("."), _("This comparison is not known."))
        return ALWAYS
    if Op(operator) not in ALLOWED[field.kind]:
        problems.note(f"{path}.op".lstrip("."), _("This comparison does not fit the field."))
        return ALWAYS
    try:
        value = read_value(field, Op(operator), raw.get("value"), problems.strict)
        return Condition(field, Op(operator), value)
    except values.ValueRefused as refused:
        problems.note(f"{path}.value".lstrip("."), refused.args[0])
        return ALWAYS


def read_value(field: Field, op: Op, raw: Anything, strict: bool = True) -> Anything:
    """Return the typed value of a comparison; raises ValueRefused."""
    wanted = arity(op)
    if wanted is Arity.NONE:
        if raw is not None:
            raise values.ValueRefused(_("This comparison takes no value."))
        return None
    if wanted is Arity.ONE:
        return values.read(field, raw, strict=strict)
    if not isinstance(raw, list) or not raw or len(raw) > MAX_ITEMS:
        raise values.ValueRefused(_("This must be a list of at most 50 values."))
    read = tuple(values.read(field, item, strict=strict) for item in raw)
    if wanted is Arity.TWO:
        _check_bounds(read)
    return read


def _check_bounds(bounds: tuple[Anything, ...]) -> None:
    if len(bounds) != 2:
        raise values.ValueRefused(_("This comparison takes two values."))
    low, high = bounds
    if getattr(low, "currency", "") != getattr(high, "currency", ""):
        raise values.ValueRefused(_("Both amounts must have the same currency."))
    if low > high:
        raise values.ValueRefused(_("The first value must not be above the second."))
