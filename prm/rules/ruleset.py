"""Rules and rule sets: which rules match, what follows, and why."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from prm.rules import values
from prm.rules.fields import RuleKind, kind_of
from prm.rules.problems import Problems
from prm.rules.trace import Trace, unknown
from prm.rules.tree import ALWAYS, Node, everything, nothing, read_node

MAX_RULES = 200
DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Stamp:
    """Which version a case was decided under; number 0 is a draft that nobody published."""

    kind: str
    number: int
    digest: str = ""

    def __str__(self) -> str:
        return f"{self.kind}#{self.number}"

    def as_json(self) -> dict[str, Any]:
        """Return the stamp as ids and codes, fit for an event's data."""
        return {"kind": self.kind, "number": self.number, "digest": self.digest}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: when its condition holds, its outcomes follow. `name` has a text per language."""

    code: str
    name: Mapping[str, str]
    when: Node = ALWAYS
    then: Mapping[str, Any] = field(default_factory=dict)

    def title(self) -> str:
        """Return the name in the active language, else in any, else the code."""
        language = (get_language() or "en").split("-")[0]
        return self.name.get(language) or next(iter(self.name.values()), self.code)


@dataclass(frozen=True, slots=True)
class Explained:
    """One rule of a decision with the result of its condition."""

    rule: Rule
    trace: Trace


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows from the facts, which rule said so per outcome, and every rule's trace."""

    outcome: Mapping[str, Any]
    decided_by: Mapping[str, str]
    trace: tuple[Explained, ...]
    stamp: Stamp

    @property
    def matched(self) -> tuple[Rule, ...]:
        """The rules whose condition holds, in order."""
        return tuple(line.rule for line in self.trace if line.trace.passed)

    def as_json(self) -> dict[str, Any]:
        """Return the decision as plain JSON, to be kept with the case."""
        return {
            "outcome": {name: values.write(value) for name, value in self.outcome.items()},
            "decided_by": dict(self.decided_by),
            "matched": [rule.code for rule in self.matched],
            "trace": [{"rule": line.rule.code, **line.trace.as_json()} for line in self.trace],
            "stamp": self.stamp.as_json(),
        }

    @classmethod
    def from_json(
        cls, raw: Mapping[str, Any], names: Mapping[str, Mapping[str, str]] | None = None
    ) -> "Decision":
        """Read a kept decision, even if its rules or fields were withdrawn since.

        `names` has the rules' names by code, as the version of the stamp keeps them.
        Raises KindUnknown, KeyError and ValueError for what never was a decision.
        """
        stamp = Stamp(**raw["stamp"])
        kind = kind_of(stamp.kind)
        outcome = {
            name: values.revive(kind.outcomes.get(name) or unknown(name), value)
            for name, value in raw["outcome"].items()
        }
        trace = tuple(
            Explained(
                Rule(line["rule"], (names or {}).get(line["rule"], {})),
                Trace.from_json(line, kind.fields),
            )
            for line in raw["trace"]
        )
        return cls(outcome, dict(raw["decided_by"]), trace, stamp)


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Rules of one kind in order, with defaults. For each outcome the first matching rule decides."""

    kind: str
    rules: tuple[Rule, ...]
    defaults: Mapping[str, Any] = field(default_factory=dict)
    stamp: Stamp | None = None

    def decide(self, facts: Mapping[str, Any]) -> Decision:
        """Return the decision for these facts; raises FactMissing, FactMistyped."""
        outcome: dict[str, Any] = {}
        decided_by: dict[str, str] = {}
        explained = tuple(Explained(rule, rule.when.evaluate(facts)) for rule in self.rules)
        for line in explained:
            for name, value in line.rule.then.items() if line.trace.passed else ():
                if name not in outcome:
                    outcome[name], decided_by[name] = value, line.rule.code
        for name, value in self.defaults.items():
            if name not in outcome:
                outcome[name], decided_by[name] = value, DEFAULT
        return Decision(outcome, decided_by, explained, self.stamp or Stamp(self.kind, 0))

    def rule(self, code: str) -> Rule:
        """Return one rule; raises KeyError."""
        for rule in self.rules:
            if rule.code == code:
                return rule
        raise KeyError(code)

    def matching(self, code: str) -> Q:
        """Return the filter for rows on which the rule's condition holds; raises KeyError."""
        return self.rule(code).when.compile_q()

    def where(self, name: str, value: Any) -> Q:
        """Return the filter for rows whose decision has this outcome: back-tests run in SQL."""
        found, undecided = nothing(), everything()
        for rule in self.rules:
            if name not in rule.then:
                continue
            when = rule.when.compile_q()
            if rule.then[name] == value:
                found |= undecided & when
            undecided &= ~when
        return (
            found | undecided if name in self.defaults and self.defaults[name] == value else found
        )

    def as_json(self) -> dict[str, Any]:
        """Return the body that `parse_rules` reads and a version keeps."""
        return {
            "rules": [
                {
                    "code": rule.code,
                    "name": dict(rule.name),
                    "when": rule.when.as_json(),
                    "then": {name: values.write(value) for name, value in rule.then.items()},
                }
                for rule in self.rules
            ],
            "defaults": {name: values.write(value) for name, value in self.defaults.items()},
        }


def parse_rules(
    kind: str, body: Any, *, stamp: Stamp | None = None, strict: bool = True
) -> RuleSet:
    """Read a rule set from JSON; raises RuleInvalid with every problem and its place.

    Unless it is strict, codes that are no longer among the choices will do.
    """
    problems, asked = Problems(strict=strict), kind_of(kind)
    if not isinstance(body, Mapping) or set(body) - {"rules", "defaults"}:
        problems.note("", _("This is not a rule set."))
        problems.raise_any()
    rules = tuple(_read_rules(body.get("rules", []), asked, problems))
    defaults = _read_outcomes(body.get("defaults", {}), asked, "defaults", problems)
    problems.raise_any()
    return RuleSet(kind, rules, defaults, stamp)


def _read_rules(raw: Any, kind: RuleKind, problems: Problems) -> Iterator[Rule]:
    if not isinstance(raw, list) or len(raw) > MAX_RULES:
        problems.note("rules", _("This must be a list of at most 200 rules."))
        return
    seen: set[str] = set()
    for position, item in enumerate(raw):
        path = f"rules[{position}]"
        if not isinstance(item, Mapping) or set(item) - {"code", "name", "when", "then"}:
            problems.note(path, _("This is not a rule."))
            continue
        code = item.get("code")
        if not isinstance(code, str) or not code or code in seen or code == DEFAULT:
            problems.note(f"{path}.code", _("Each rule needs a code of its own."))
            continue
        seen.add(code)
        yield Rule(
            code=code,
            name=_read_name(item.get("name", {}), f"{path}.name", problems),
            when=read_node(item.get("when", {"all": []}), kind.fields, f"{path}.when", problems),
            then=_read_outcomes(item.get("then", {}), kind, f"{path}.then", problems),
        )


def _read_name(raw: Any, path: str, problems: Problems) -> dict[str, str]:
    pairs = raw.items() if isinstance(raw, Mapping) else [(None, None)]
    if all(isinstance(key, str) and isinstance(text, str) for key, text in pairs):
        return dict(pairs)
    problems.note(path, _("A name is a text per language."))
    return {}


def _read_outcomes(raw: Any, kind: RuleKind, path: str, problems: Problems) -> dict[str, Any]:
    read: dict[str, Any] = {}
    if not isinstance(raw, Mapping):
        problems.note(path, _("Outcomes are values by name."))
        return read
    for name, value in raw.items():
        if name not in kind.outcomes:
            problems.note(f"{path}.{name}", _("This outcome is not known."))
            continue
        try:
            read[name] = values.read_outcome(kind.outcomes[name], value, strict=problems.strict)
        except values.ValueRefused as refused:
            problems.note(f"{path}.{name}", refused.args[0])
    return read
