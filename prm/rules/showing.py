"""Rule sets and decisions ready to show: sentences, who said what, and why.

context = {"decision": show_decision(terms.decision)}       # or the JSON that was kept of it
{% include "rules/_decision.html" %}
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from prm.rules import sentences
from prm.rules.fields import RuleKind, kind_of
from prm.rules.findings import Finding
from prm.rules.models import RuleVersion
from prm.rules.problems import Problem, RuleInvalid
from prm.rules.ruleset import DEFAULT, Decision, Explained, Rule, RuleSet, parse_rules
from prm.rules.sentences import Word
from prm.rules.trace import Trace


@dataclass(frozen=True, slots=True)
class ShownRule:
    """One rule as a sentence; one that cannot be read has problems instead."""

    code: str
    title: str
    number: int
    when: list[Word] = field(default_factory=list)
    then: list[str] = field(default_factory=list)
    problems: tuple[Problem, ...] = ()
    findings: list[Finding] = field(default_factory=list)
    is_first: bool = False
    is_last: bool = False


@dataclass(frozen=True, slots=True)
class ShownRules:
    """A body of rules as sentences; `ruleset` holds those that can be read."""

    rules: list[ShownRule]
    defaults: list[str]
    ruleset: RuleSet
    problems: tuple[Problem, ...] = ()

    @property
    def unfinished(self) -> bool:
        """Whether something cannot be read as it is."""
        return bool(self.problems) or any(rule.problems for rule in self.rules)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was decided: in a sentence, and which rule said so."""

    label: str
    text: str
    rule: str
    by_rule: bool


@dataclass(frozen=True, slots=True)
class TraceNode:
    """One line of an explanation with those below it."""

    text: str
    passed: bool
    items: list["TraceNode"]


@dataclass(frozen=True, slots=True)
class ShownTrace:
    """One rule of a decision: whether it matched, and why."""

    title: str
    matched: bool
    decided: list[str]
    node: TraceNode


@dataclass(frozen=True, slots=True)
class ShownDecision:
    """A decision for `templates/rules/_decision.html`."""

    outcomes: list[Outcome]
    rules: list[ShownTrace]
    number: int
    effective_at: datetime | None
    url: str
    kind: str


def show_rules(kind: RuleKind, body: Mapping[str, Any]) -> ShownRules:
    """Return a body as sentences, rule by rule, so that one unfinished rule hides no other."""
    raw = [rule for rule in body.get("rules", []) if isinstance(rule, Mapping)]
    shown, readable = [], []
    for place, each in enumerate(raw):
        rule, problems = _read_rule(kind, each)
        first, last = place == 0, place == len(raw) - 1
        if rule is None:
            shown.append(
                ShownRule(
                    str(each.get("code", "")),
                    _title(each),
                    place + 1,
                    problems=problems,
                    is_first=first,
                    is_last=last,
                )
            )
            continue
        readable.append(rule)
        shown.append(
            ShownRule(
                rule.code,
                rule.title() if rule.name else _("Rule without a name"),
                place + 1,
                sentences.words(rule.when),
                sentences.outcomes(rule.then, kind.outcomes),
                problems,
                is_first=first,
                is_last=last,
            )
        )
    defaults, problems = _read_defaults(kind, body)
    found = RuleSet(kind.code, tuple(readable), defaults)
    return ShownRules(shown, sentences.outcomes(defaults, kind.outcomes), found, problems)


def with_findings(shown: ShownRules, findings: list[Finding]) -> ShownRules:
    """Put what lint found beside the rules that it is about."""
    for rule in shown.rules:
        rule.findings.extend(each for each in findings if each.rule == rule.code)
    return shown


def _read_rule(kind: RuleKind, raw: Mapping[str, Any]) -> tuple[Rule | None, tuple[Problem, ...]]:
    """Return a rule with what keeps it from being published; None if it cannot be read at all."""
    try:
        [rule] = parse_rules(kind.code, {"rules": [dict(raw)]}, strict=False).rules
    except RuleInvalid as invalid:
        return None, invalid.problems
    try:
        parse_rules(kind.code, {"rules": [dict(raw)]})
    except RuleInvalid as invalid:
        return rule, invalid.problems
    return rule, ()


def _read_defaults(
    kind: RuleKind, body: Mapping[str, Any]
) -> tuple[Mapping[str, Any], tuple[Problem, ...]]:
    raw = {"defaults": body.get("defaults", {})}
    try:
        defaults = parse_rules(kind.code, raw, strict=False).defaults
    except RuleInvalid as invalid:
        return {}, invalid.problems
    try:
        parse_rules(kind.code, raw)
    except RuleInvalid as invalid:
        return defaults, invalid.problems
    return defaults, ()


def _title(raw: Mapping[str, Any]) -> str:
    name = raw.get("name")
    given = Rule(str(raw.get("code", "")), name if isinstance(name, Mapping) else {})
    return given.title() if given.name else _("Rule without a name")


def show_decision(
    decision: Decision | Mapping[str, Any], version: RuleVersion | None = None
) -> ShownDecision:
    """Return a decision, or what was kept of one, ready to show.

    Finds the version of its stamp by one query unless it is given: there are the names of rules that
    were withdrawn since. Raises KindUnknown for a kind that no longer exists.
    """
    stamp = decision.stamp.as_json() if isinstance(decision, Decision) else decision["stamp"]
    if version is None and stamp["number"]:
        found = RuleVersion.objects.filter(kind=stamp["kind"], number=stamp["number"])
        version = found.first()
    if not isinstance(decision, Decision):
        decision = Decision.from_json(decision, _names(version))
    kind = kind_of(decision.stamp.kind)
    titles = {line.rule.code: line.rule.title() for line in decision.trace}
    return ShownDecision(
        outcomes=_outcomes(kind, decision, titles),
        rules=[_trace(kind, decision, line) for line in decision.trace],
        number=decision.stamp.number,
        effective_at=version.effective_at if version and version.pk else None,
        url=_url(kind, decision.stamp.number),
        kind=str(kind.label),
    )


def _names(version: RuleVersion | None) -> dict[str, Mapping[str, str]]:
    rules = version.body.get("rules", []) if version else []
    return {rule["code"]: rule.get("name", {}) for rule in rules}


def _outcomes(kind: RuleKind, decision: Decision, titles: Mapping[str, str]) -> list[Outcome]:
    order = [name for name in kind.outcomes if name in decision.outcome]
    gone = [name for name in decision.outcome if name not in kind.outcomes]
    shown = []
    for name in order + gone:
        by = decision.decided_by.get(name, DEFAULT)
        known = kind.outcomes.get(name)
        value = decision.outcome[name]
        text = sentences.outcome(known, value) if known else f"{name}: {value}"
        label = str(known.label) if known else name
        shown.append(Outcome(label, text, titles.get(by, by), by != DEFAULT))
    return shown


def _trace(kind: RuleKind, decision: Decision, line: Explained) -> ShownTrace:
    decided = [
        str(kind.outcomes[name].label) if name in kind.outcomes else name
        for name, by in decision.decided_by.items()
        if by == line.rule.code
    ]
    return ShownTrace(line.rule.title(), line.trace.passed, decided, _node(line.trace))


def _node(trace: Trace) -> TraceNode:
    return TraceNode(trace.sentence(), trace.passed, [_node(item) for item in trace.items])


def _url(kind: RuleKind, number: int) -> str:
    if not number:
        return ""
    try:
        return reverse("rules:version", args=[kind.slug, number])
    except NoReverseMatch:  # the operators' host has no rules
        return ""
