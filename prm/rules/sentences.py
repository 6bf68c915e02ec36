"""Rules as sentences: "value is at least €50,000 and country is Germany or Austria"."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import Any as Anything
from typing import cast

from django.utils.translation import gettext as _

from prm.rules.fields import Field, Fields, Kind
from prm.rules.operators import Arity, Op, arity
from prm.rules.ruleset import Rule
from prm.rules.tree import All, Any, Condition, Node, Not
from prm.rules.values import show


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of a sentence; `joins` is true for the and, or and not that hold it together."""

    text: str
    joins: bool = False


def spoken(field: Field, value: Anything) -> str:
    """Return a value with the unit of its field."""
    shown = show(field, value)
    return f"{shown} {field.unit}" if field.unit and value is not None else shown


def condition(node: Condition) -> str:
    """Return one comparison as a sentence."""
    parts = {"field": str(node.field.label), "comparison": str(node.op.label)}
    wanted = arity(node.op)
    if wanted is Arity.NONE:
        return _("%(field)s %(comparison)s") % parts
    if wanted is Arity.TWO:
        low, high = node.value
        parts |= {"low": show(node.field, low), "high": spoken(node.field, high)}
        return _("%(field)s %(comparison)s %(low)s and %(high)s") % parts
    if wanted is Arity.ONE:
        parts["value"] = spoken(node.field, node.value)
    else:
        parts["value"] = listed([show(node.field, item) for item in node.value], node.op)
    if node.op in (Op.ONE_OF, Op.NONE_OF):  # "is A or B" reads better than "is one of A, B"
        parts["comparison"] = str((Op.IS if node.op is Op.ONE_OF else Op.IS_NOT).label)
    return _("%(field)s %(comparison)s %(value)s") % parts


def listed(texts: list[str], op: Op) -> str:
    """Return "A, B or C", or "A, B and C" where all are meant."""
    if len(texts) < 2:
        return "".join(texts)
    parts = {"first": ", ".join(texts[:-1]), "last": texts[-1]}
    if op is Op.HAS_ALL:
        return _("%(first)s and %(last)s") % parts
    return _("%(first)s or %(last)s") % parts


def words(node: Node) -> list[Word]:
    """Return a tree as the words of a sentence; nothing when it always holds."""
    return [] if node == All() else list(_words(node, outermost=True))


def text(node: Node) -> str:
    """Return a tree as one plain text; "always" when it always holds."""
    return "".join(word.text for word in words(node)) or _("always")


def _words(node: Node, *, outermost: bool = False) -> Iterator[Word]:
    if isinstance(node, Condition):
        yield Word(condition(node))
    elif isinstance(node, Not):
        yield Word(_("not"), joins=True)
        yield Word(" (")
        yield from _words(node.item, outermost=True)
        yield Word(")")
    elif not node.items:
        yield Word(_("always") if isinstance(node, All) else _("never"))
    else:
        yield from _group(node, bare=outermost or len(node.items) == 1)


def _group(node: All | Any, *, bare: bool) -> Iterator[Word]:
    joint = Word(_("and") if isinstance(node, All) else _("or"), joins=True)
    if not bare:
        yield Word("(")
    for place, item in enumerate(node.items):
        if place:
            yield from (Word(" "), joint, Word(" "))
        yield from _words(item)
    if not bare:
        yield Word(")")


def outcome(field: Field, value: Anything) -> str:
    """Return what an outcome says: its phrase, or its label with the value."""
    if field.kind is Kind.YES_NO and field.phrase:
        if value:
            return str(field.phrase)
        return str(field.phrase_no) or _("not: %(phrase)s") % {"phrase": field.phrase}
    if value == 0 and field.phrase_no:
        return str(field.phrase_no)
    if not field.phrase:
        return _("%(label)s: %(value)s") % {"label": field.label, "value": spoken(field, value)}
    phrase = cast(Anything, field.phrase)  # plural forms need a lazy text's own %
    return str(phrase % {"value": show(field, value), "count": _count(value)})


def _count(value: Anything) -> int:
    """Return the number that chooses a plural form; one and a half are several."""
    if isinstance(value, Decimal):
        return ceil(abs(value))
    return len(value) if isinstance(value, frozenset | tuple) else 1


def outcomes(values: Mapping[str, Anything], fields: Fields) -> list[str]:
    """Return what outcomes say, in the order in which the kind names them."""
    return [outcome(fields[name], values[name]) for name in fields if name in values]


def rule(row: Rule, fields: Fields) -> str:
    """Return a whole rule as one plain sentence."""
    says = joined(outcomes(row.then, fields)) or _("nothing follows")
    if not words(row.when):
        return _("Always → %(outcomes)s") % {"outcomes": says}
    return _("When %(conditions)s → %(outcomes)s") % {
        "conditions": text(row.when),
        "outcomes": says,
    }


def joined(texts: Iterable[str]) -> str:
    """Return several outcomes after each other."""
    return "; ".join(texts)
