"""What a version changes, in sentences."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from prm.rules import sentences
from prm.rules.fields import Fields, kind_of
from prm.rules.ruleset import Rule, RuleSet


def differences(before: RuleSet | None, after: RuleSet) -> list[str]:
    """Return what `after` says differently from `before`, one sentence per change."""
    outcomes = kind_of(after.kind).outcomes
    old = before or RuleSet(after.kind, ())
    return [*_rules(old, after, outcomes), *_order(old, after), *_defaults(old, after, outcomes)]


def _rules(old: RuleSet, new: RuleSet, outcomes: Fields) -> Iterator[str]:
    was = {rule.code: rule for rule in old.rules}
    now = {rule.code: rule for rule in new.rules}
    for code, rule in now.items():
        if code not in was:
            parts = {"rule": rule.title(), "sentence": sentences.rule(rule, outcomes)}
            yield _("New: “%(rule)s”: %(sentence)s.") % parts
        else:
            yield from _rule(was[code], rule, outcomes)
    for code, rule in was.items():
        if code not in now:
            yield _("Removed: “%(rule)s”.") % {"rule": rule.title()}


def _rule(old: Rule, new: Rule, outcomes: Fields) -> Iterator[str]:
    name = {"rule": new.title()}
    if old.title() != new.title():
        yield _("“%(old)s” is now called “%(rule)s”.") % {**name, "old": old.title()}
    if old.when != new.when:
        yield _("“%(rule)s” now matches when %(new)s; before: %(old)s.") % {
            **name,
            "new": sentences.text(new.when),
            "old": sentences.text(old.when),
        }
    for said in _values(old.then, new.then, outcomes):
        yield _("“%(rule)s”: %(change)s.") % {**name, "change": said}


def _values(old: Any, new: Any, outcomes: Fields) -> Iterator[str]:
    for name, field in outcomes.items():
        if old.get(name) == new.get(name):
            continue
        was = sentences.outcome(field, old[name]) if name in old else ""
        now = sentences.outcome(field, new[name]) if name in new else ""
        if was and now:
            yield _("%(new)s; before: %(old)s") % {"new": now, "old": was}
        elif now:
            yield _("now also %(new)s") % {"new": now}
        else:
            yield _("no longer %(old)s") % {"old": was}


def _order(old: RuleSet, new: RuleSet) -> Iterator[str]:
    codes = {rule.code for rule in old.rules} & {rule.code for rule in new.rules}
    was = [rule.code for rule in old.rules if rule.code in codes]
    now = [rule for rule in new.rules if rule.code in codes]
    if was != [rule.code for rule in now]:
        names = ", ".join(f"“{rule.title()}”" for rule in now)
        yield _("New order: %(rules)s.") % {"rules": names}


def _defaults(old: RuleSet, new: RuleSet, outcomes: Fields) -> Iterator[str]:
    for said in _values(old.defaults, new.defaults, outcomes):
        yield _("When no rule decides: %(change)s.") % {"change": said}
