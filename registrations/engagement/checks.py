"""What is odd about rules of engagement that only this room knows."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from catalog.models import Territory
from prm import portal
from prm.rules import Rule, RuleSet
from prm.rules.findings import Finding, Weight
from prm.rules.tree import Condition, Node, Not


def odd(ruleset: RuleSet) -> Iterator[Finding]:
    """Yield findings for the editor: conditions that cannot hold, places and calendars that are empty."""
    empty = {place.code: place.label for place in Territory.objects.active() if not place.countries}
    for rule in ruleset.rules:
        asked = list(_conditions(rule.when))
        if "exclusivity" in rule.then and any(one.field.name == "conflicts" for one in asked):
            yield _of(
                rule,
                "asks-too-early",
                _("asks for conflicts, but what a deal claims is decided before they are known"),
            )
        for code in {v for one in asked if one.field.name == "place" for v in _values(one)} & set(
            empty
        ):
            yield _of(
                rule,
                "empty-place",
                _("asks for “%(place)s”, which has no countries") % {"place": empty[code]},
            )
    if not portal.calendar().hours:
        yield Finding(
            "no-calendar",
            Weight.WARNING,
            _("The portal has no working days, so no decision has a due time."),
        )


def _of(rule: Rule, code: str, what: str) -> Finding:
    text = _("Rule “%(rule)s” %(what)s.") % {"rule": rule.title(), "what": what}
    return Finding(code, Weight.WARNING, text, rule.code)


def _conditions(node: Node) -> Iterator[Condition]:
    if isinstance(node, Condition):
        yield node
    elif isinstance(node, Not):
        yield from _conditions(node.item)
    else:
        for item in node.items:
            yield from _conditions(item)


def _values(condition: Condition) -> Iterable[str]:
    value = condition.value
    return value if isinstance(value, tuple) else (value,)
