"""Why a rule matched or did not: the tree again, with what was found at each line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from prm.rules.fields import Field, Fields, Kind
from prm.rules.operators import Arity, Op, arity
from prm.rules.values import revive, show, write


@dataclass(frozen=True, slots=True)
class TraceLine:
    """One line of an explanation; `depth` indents it."""

    depth: int
    passed: bool
    text: str


@dataclass(frozen=True, slots=True)
class Trace:
    """The result of one node, with the results below it. Nothing is skipped."""

    node: str
    passed: bool
    field: Field | None = None
    op: Op | None = None
    value: Any = None
    actual: Any = None
    items: tuple["Trace", ...] = ()

    def __bool__(self) -> bool:
        return self.passed

    def lines(self, depth: int = 0) -> Iterator[TraceLine]:
        """Yield the explanation line by line, in the active language."""
        yield TraceLine(depth, self.passed, self.sentence())
        for item in self.items:
            yield from item.lines(depth + 1)

    def sentence(self) -> str:
        """Return this line as a sentence in the active language."""
        if self.field is None or self.op is None:
            return _group_sentence(self.node)
        parts = {
            "field": str(self.field.label),
            "comparison": str(self.op.label),
            "value": show(self.field, self.value),
            "actual": show(self.field, self.actual),
        }
        if arity(self.op) is Arity.NONE:
            return _("%(field)s %(comparison)s; here: %(actual)s") % parts
        if arity(self.op) is Arity.TWO:
            low, high = self.value
            parts |= {"low": show(self.field, low), "high": show(self.field, high)}
            return _("%(field)s %(comparison)s %(low)s and %(high)s; here: %(actual)s") % parts
        return _("%(field)s %(comparison)s %(value)s; here: %(actual)s") % parts

    def as_json(self) -> dict[str, Any]:
        """Return the trace as plain JSON, to be kept with a case."""
        if self.field is None or self.op is None:
            items = [item.as_json() for item in self.items]
            return {"node": self.node, "passed": self.passed, "items": items}
        return {
            "node": self.node,
            "passed": self.passed,
            "field": self.field.name,
            "op": self.op.value,
            "value": write(self.value),
            "actual": write(self.actual),
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any], fields: Fields) -> "Trace":
        """Read a kept trace; a field that was withdrawn since is shown by its name."""
        if raw["node"] != "condition":
            items = tuple(cls.from_json(item, fields) for item in raw["items"])
            return cls(raw["node"], bool(raw["passed"]), items=items)
        field = fields.get(raw["field"]) or unknown(raw["field"])
        op = Op(raw["op"])
        asked = raw["value"]
        several = isinstance(asked, list)
        value = tuple(revive(field, item) for item in asked) if several else revive(field, asked)
        actual = revive(field, raw["actual"])
        return cls("condition", bool(raw["passed"]), field, op, value, actual)


def unknown(name: str) -> Field:
    """Return a stand-in for a field that its kind no longer has."""
    return Field(name, Kind.TEXT, name)


def _group_sentence(node: str) -> str:
    return {
        "all": _("All of these hold"),
        "any": _("At least one of these holds"),
        "not": _("This does not hold"),
    }[node]
