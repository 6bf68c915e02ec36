"""Rules as data: typed, versioned, pure. One object decides, explains and filters."""

from prm.rules.fields import Field, Fields, Kind, RuleKind, kind_of, kinds, register_kind
from prm.rules.models import RuleVersion
from prm.rules.operators import CannotFilter, Op
from prm.rules.problems import Problem, RuleInvalid
from prm.rules.ruleset import Decision, Rule, RuleSet, Stamp, parse_rules
from prm.rules.services import AppliesBackwards, NoRules, current, on_published, publish, ruleset
from prm.rules.trace import Trace, TraceLine
from prm.rules.tree import ALWAYS, All, Any, Condition, Node, Not, parse
from prm.rules.values import FactMissing, FactMistyped

__all__ = [
    "ALWAYS",
    "All",
    "Any",
    "AppliesBackwards",
    "CannotFilter",
    "Condition",
    "Decision",
    "FactMissing",
    "FactMistyped",
    "Field",
    "Fields",
    "Kind",
    "NoRules",
    "Node",
    "Not",
    "Op",
    "Problem",
    "Rule",
    "RuleInvalid",
    "RuleKind",
    "RuleSet",
    "RuleVersion",
    "Stamp",
    "Trace",
    "TraceLine",
    "current",
    "kind_of",
    "kinds",
    "on_published",
    "parse",
    "parse_rules",
    "publish",
    "register_kind",
    "ruleset",
]
