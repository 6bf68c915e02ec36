"""Find what is odd about a rule set before it is published. Pure: it reads nothing but the rules."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any as Anything

from django.utils.translation import gettext as _

from prm.money import Money
from prm.rules import sentences
from prm.rules.fields import Field, Kind, RuleKind, kind_of
from prm.rules.findings import Finding, Weight
from prm.rules.reasoning import Case, Logic, TooMany
from prm.rules.ruleset import Rule, RuleSet
from prm.rules.tree import All, Any, Condition, Node, Not
from prm.rules.values import show

MAX_PAIRS = 4_000
MAX_OVERLAPS = 20
_ORDER = list(Weight)


def lint(ruleset: RuleSet, *, home: str = "") -> list[Finding]:
    """Return what is odd, the worst first; `home` is the portal's currency."""
    checked = _Checked(ruleset, kind_of(ruleset.kind), Logic(home))
    found = [finding for check in _CHECKS for finding in check(checked)]
    if checked.kind.check is not None:
        found += checked.kind.check(ruleset)
    return sorted(found, key=lambda finding: _ORDER.index(finding.weight))


@dataclass(slots=True)
class _Checked:
    """A rule set with the cases of each rule; None where there are too many to look at."""

    ruleset: RuleSet
    kind: RuleKind
    logic: Logic
    cases: dict[str, list[Case] | None] = field(default_factory=dict)
    useless: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for rule in self.ruleset.rules:
            try:
                self.cases[rule.code] = self.logic.cases(rule.when)
            except TooMany:
                self.cases[rule.code] = None

    def covers(self, cases: Sequence[Case], rules: Iterable[Rule]) -> bool:
        try:
            return self.logic.covered(cases, [rule.when for rule in rules])
        except TooMany:
            return False


def _empty(checked: _Checked) -> Iterator[Finding]:
    """Groups and lists with nothing in them."""
    for rule in checked.ruleset.rules:
        for node in _nodes(rule.when):
            if isinstance(node, Any) and not node.items:
                if checked.cases[rule.code] == []:
                    checked.useless.add(rule.code)
                text = _("A group “at least one of these” is empty, so it never holds.")
                yield Finding("empty-group", Weight.ERROR, text, rule.code)
            elif isinstance(node, All) and not node.items and node is not rule.when:
                text = _("A group “all of these” is empty, so it always holds.")
                yield Finding("empty-group", Weight.WARNING, text, rule.code)
            elif isinstance(node, Condition) and node.value == ():
                text = _("“%(field)s” is compared with no value at all.") % {
                    "field": node.field.label
                }
                yield Finding("empty-value", Weight.ERROR, text, rule.code)


def _never(checked: _Checked) -> Iterator[Finding]:
    """Conditions that contradict each other."""
    for rule in checked.ruleset.rules:
        if checked.cases[rule.code] == [] and rule.code not in checked.useless:
            checked.useless.add(rule.code)
            text = _("This rule never matches: nothing can satisfy “%(conditions)s”.") % {
                "conditions": sentences.text(_smallest(rule.when, checked.logic))
            }
            yield Finding("contradiction", Weight.ERROR, text, rule.code)


def _smallest(node: Node, logic: Logic) -> Node:
    """Return the smallest part of an impossible tree that is impossible by itself, as far as seen."""
    if not isinstance(node, All):
        return node
    for item in node.items:
        if not logic.cases(item):
            return _smallest(item, logic)
    for pair in combinations(node.items, 2):
        if not logic.cases(All(pair)):
            return All(pair)
    return node


def _nothing_follows(checked: _Checked) -> Iterator[Finding]:
    for rule in checked.ruleset.rules:
        if not rule.then:
            text = _("Nothing follows from this rule: it sets no outcome.")
            yield Finding("no-outcome", Weight.WARNING, text, rule.code)


def _unreachable(checked: _Checked) -> Iterator[Finding]:
    """Rules, and outcomes of rules, that rules before them always decide."""
    for place, rule in enumerate(checked.ruleset.rules):
        cases = checked.cases[rule.code]
        if rule.code in checked.useless or not cases or not rule.then:
            continue
        before = checked.ruleset.rules[:place]
        hidden = {name: _coverers(checked, cases, before, name) for name in rule.then}
        never = [name for name, rules in hidden.items() if rules]
        if len(never) == len(rule.then):
            checked.useless.add(rule.code)
            others = [each for each in before if any(each.code in h for h in hidden.values())]
            text = _("This rule never decides anything: %(rules)s always decides before it.") % {
                "rules": _titles(others)
            }
            codes = tuple(each.code for each in others)
            yield Finding("unreachable", Weight.ERROR, text, rule.code, codes)
            continue
        for name in never:
            others = [each for each in before if each.code in hidden[name]]
            yield _hidden_outcome(checked.kind.outcomes[name], rule, others)


def _coverers(
    checked: _Checked, cases: Sequence[Case], before: Sequence[Rule], name: str
) -> tuple[str, ...]:
    """Return the earlier rules that always decide an outcome first: one if one does, else all needed."""
    deciding = [each for each in before if name in each.then and each.code not in checked.useless]
    for each in deciding:
        if checked.covers(cases, [each]):
            return (each.code,)
    if len(deciding) > 1 and checked.covers(cases, deciding):
        return tuple(each.code for each in deciding)
    return ()


def _hidden_outcome(outcome: Field, rule: Rule, others: Sequence[Rule]) -> Finding:
    text = _("“%(outcome)s” is never decided here: %(rules)s always decides it before.") % {
        "outcome": outcome.label,
        "rules": _titles(others),
    }
    codes = tuple(each.code for each in others)
    return Finding("hidden-outcome", Weight.WARNING, text, rule.code, codes)


def _overlaps(checked: _Checked) -> Iterator[Finding]:
    """Pairs of rules that can match together and say different things."""
    pairs = [
        (first, second)
        for first, second in combinations(checked.ruleset.rules, 2)
        if not {first.code, second.code} & checked.useless and _differ(first, second)
    ]
    found = 0
    for first, second in pairs[:MAX_PAIRS]:
        example = _example(checked, first, second)
        if example is None:
            continue
        found += 1
        yield _overlap(checked.kind, first, second, example)
        if found == MAX_OVERLAPS:
            return


def _differ(first: Rule, second: Rule) -> list[str]:
    both = [name for name in first.then if name in second.then]
    return [name for name in both if first.then[name] != second.then[name]]


def _example(checked: _Checked, first: Rule, second: Rule) -> Mapping[str, Anything] | None:
    """Return facts on which both rules match, tried out on the rules themselves; None without any."""
    left, right = checked.cases[first.code], checked.cases[second.code]
    try:
        cases = checked.logic.both(left, right) if left and right else []
    except TooMany:
        return None
    for case in cases:
        found = checked.logic.witness(case)
        facts = {**dict.fromkeys(checked.kind.fields), **found}
        if first.when.evaluate(facts) and second.when.evaluate(facts):
            return found
    return None


def _overlap(kind: RuleKind, first: Rule, second: Rule, example: Mapping[str, Anything]) -> Finding:
    said = [sentences.outcome(kind.outcomes[n], first.then[n]) for n in _differ(first, second)]
    shown = [f"{kind.fields[n].label}: {show(kind.fields[n], v)}" for n, v in example.items()]
    parts = {"rule": first.title(), "outcomes": sentences.joined(said)}
    if shown:
        text = _(
            "“%(rule)s” comes first where both match (for example %(example)s). Then: %(outcomes)s."
        ) % {**parts, "example": "; ".join(shown)}
    else:
        text = _("“%(rule)s” comes first where both match. Then: %(outcomes)s.") % parts
    return Finding("overlap", Weight.NOTE, text, second.code, (first.code,))


def _retired(checked: _Checked) -> Iterator[Finding]:
    """Codes that are no longer among the choices."""
    for rule in checked.ruleset.rules:
        asked = [(n.field, n.value) for n in _nodes(rule.when) if isinstance(n, Condition)]
        said = [(checked.kind.outcomes[name], value) for name, value in rule.then.items()]
        for field_, value in [*asked, *said]:
            yield from _retired_values(field_, value, rule.code)
    for name, value in checked.ruleset.defaults.items():
        yield from _retired_values(checked.kind.outcomes[name], value, "")


def _retired_values(asked: Field, value: Anything, code: str) -> Iterator[Finding]:
    options = asked.options() if asked.kind in (Kind.CHOICE, Kind.SET) else None
    for each in value if isinstance(value, tuple | frozenset) else (value,):
        if options is not None and each is not None and each not in options:
            text = _("“%(value)s” is no longer one of the choices of “%(field)s”.") % {
                "value": each,
                "field": asked.label,
            }
            yield Finding("retired-choice", Weight.ERROR, text, code)


def _currencies(checked: _Checked) -> Iterator[Finding]:
    """Amounts in a currency other than the portal's compare with that currency alone."""
    for rule in checked.ruleset.rules if checked.logic.home else ():
        for node in _nodes(rule.when):
            if isinstance(node, Condition) and node.field.home_path:
                for currency in sorted({m.currency for m in _moneys(node)} - {checked.logic.home}):
                    text = _(
                        "“%(field)s” is compared in %(currency)s, so amounts in other currencies "
                        "never match. Amounts in %(home)s match in every currency with a rate."
                    ) % {
                        "field": node.field.label,
                        "currency": currency,
                        "home": checked.logic.home,
                    }
                    yield Finding("currency", Weight.NOTE, text, rule.code)


def _moneys(node: Condition) -> list[Money]:
    values = node.value if isinstance(node.value, tuple) else (node.value,)
    return [value for value in values if isinstance(value, Money)]


def _defaults(checked: _Checked) -> Iterator[Finding]:
    """Outcomes that the room cannot do without, and about which nothing is said."""
    for name in checked.kind.usual:
        if name not in checked.ruleset.defaults:
            text = _("Nothing is said about “%(outcome)s” when no rule decides it; it is as usual.")
            label = checked.kind.outcomes[name].label
            yield Finding("no-default", Weight.NOTE, text % {"outcome": label})


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    if isinstance(node, Not):
        yield from _nodes(node.item)
    elif isinstance(node, All | Any):
        for item in node.items:
            yield from _nodes(item)


def _titles(rules: Sequence[Rule]) -> str:
    return ", ".join(f"“{rule.title()}”" for rule in rules)


_CHECKS = (
    _empty,
    _never,
    _nothing_follows,
    _unreachable,
    _overlaps,
    _retired,
    _currencies,
    _defaults,
)
