"""Rules as data: typed, versioned, pure. One object decides, explains and filters."""

from prm.rules.amounts import Amounts
from prm.rules.fields import Field, Fields, Kind, RuleKind, kind_at, kind_of, kinds, register_kind
from prm.rules.models import RuleDraft, RuleVersion, RuleWithdrawal
from prm.rules.operators import CannotFilter, Op
from prm.rules.problems import Problem, RuleInvalid
from prm.rules.ruleset import Decision, Rule, RuleSet, Stamp, parse_rules
from prm.rules.services import (
    AppliesBackwards,
    InForceAlready,
    NoRules,
    current,
    on_published,
    publish,
    ruleset,
    withdraw,
)
from prm.rules.trace import Trace, TraceLine
from prm.rules.tree import ALWAYS, All, Any, Condition, Node, Not, parse
from prm.rules.values import FactMissing, FactMistyped

__all__ = [
    "ALWAYS",
    "All",
    "Amounts",
    "Any",
    "AppliesBackwards",
    "CannotFilter",
    "Condition",
    "Decision",
    "FactMissing",
    "FactMistyped",
    "Field",
    "Fields",
    "InForceAlready",
    "Kind",
    "NoRules",
    "Node",
    "Not",
    "Op",
    "Problem",
    "Rule",
    "RuleDraft",
    "RuleInvalid",
    "RuleKind",
    "RuleSet",
    "RuleVersion",
    "RuleWithdrawal",
    "Stamp",
    "Trace",
    "TraceLine",
    "current",
    "kind_at",
    "kind_of",
    "kinds",
    "on_published",
    "parse",
    "parse_rules",
    "publish",
    "register_kind",
    "ruleset",
    "withdraw",
]
