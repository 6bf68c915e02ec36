"""Drafts of rules: every edit is saved, complete or not; publishing one makes it a version.

A draft's body is JSON shaped like a version's. Each write names the count of saves that it was made
on; if somebody has saved since, DraftChanged says so and nothing is overwritten.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from prm import clock, events, locks
from prm.access import Actor, require
from prm.reference import new_reference
from prm.rules.fields import RuleKind, kind_of
from prm.rules.models import RuleDraft, RuleVersion
from prm.rules.policies import can_change_rules
from prm.rules.problems import Problems
from prm.rules.ruleset import MAX_RULES
from prm.rules.services import NoRules, current, lock_of, publish

Body = dict[str, Any]
SAVED, DISCARDED = "rules.draft_saved", "rules.draft_discarded"


class DraftChanged(Exception):
    """Somebody saved, published or discarded the draft since; `draft` is what it is now, if anything."""

    def __init__(self, draft: RuleDraft | None) -> None:
        super().__init__(draft)
        self.draft = draft


class RuleGone(LookupError):
    """The rule is no longer in the draft."""


@dataclass(frozen=True, slots=True)
class Work:
    """What there is to edit: the draft, else a copy of what is in force, else what is usual.

    `version` is what the next write must name: 0 while there is no draft.
    """

    kind: RuleKind
    body: Body
    based_on: int
    draft: RuleDraft | None

    @property
    def version(self) -> int:
        """The count of saves."""
        return self.draft.version if self.draft else 0

    @property
    def rules(self) -> list[Body]:
        """The rules in order, as JSON."""
        return [rule for rule in self.body.get("rules", []) if isinstance(rule, dict)]

    def rule(self, code: str) -> Body:
        """Return one rule; raises RuleGone."""
        for rule in self.rules:
            if rule.get("code") == code:
                return rule
        raise RuleGone(code)


def work_on(code: str) -> Work:
    """Return what there is to edit of a kind; nothing is written. Raises KindUnknown."""
    kind = kind_of(code)
    draft = RuleDraft.objects.filter(kind=code).first()
    if draft is not None:
        return Work(kind, draft.body, draft.based_on, draft)
    try:
        version = current(code)
    except NoRules:
        return Work(kind, {"rules": [], "defaults": dict(kind.usual)}, 0, None)
    body = deepcopy(version.body)
    body["defaults"] = dict(kind.usual) | body.get("defaults", {})
    return Work(kind, body, version.number, None)


def save_rule(
    kind: str, code: str, values: Mapping[str, Any], *, version: int, actor: Actor
) -> RuleDraft:
    """Write name, condition and outcomes of a rule, finished or not.

    Raises PermissionDenied, DraftChanged, RuleGone, Busy.
    """

    def change(body: Body) -> None:
        _find(body, code).update(deepcopy(dict(values)))

    return _edit(kind, change, version=version, actor=actor)


def add_rule(kind: str, *, version: int, actor: Actor) -> str:
    """Add a rule without conditions or outcomes as the last one; return its code.

    Raises PermissionDenied, DraftChanged, RuleInvalid for too many, Busy.
    """
    code = new_reference("R")

    def change(body: Body) -> None:
        rules = body.setdefault("rules", [])
        if len(rules) >= MAX_RULES:
            problems = Problems()
            problems.note("rules", _("This must be a list of at most 200 rules."))
            problems.raise_any()
        rules.append({"code": code, "name": {}, "when": {"all": []}, "then": {}})

    _edit(kind, change, version=version, actor=actor)
    return code


def move_rule(kind: str, code: str, by: int, *, version: int, actor: Actor) -> RuleDraft:
    """Move a rule up (-1) or down (1); at the end nothing moves. Raises as `save_rule`."""

    def change(body: Body) -> None:
        rules = body["rules"]
        place = rules.index(_find(body, code))
        target = min(max(place + by, 0), len(rules) - 1)
        rules.insert(target, rules.pop(place))

    return _edit(kind, change, version=version, actor=actor)


def remove_rule(kind: str, code: str, *, version: int, actor: Actor) -> RuleDraft:
    """Take a rule out of the draft. Raises as `save_rule`."""

    def change(body: Body) -> None:
        body["rules"].remove(_find(body, code))

    return _edit(kind, change, version=version, actor=actor)


def save_defaults(kind: str, values: Mapping[str, Any], *, version: int, actor: Actor) -> RuleDraft:
    """Write what holds when no rule decides. Raises PermissionDenied, DraftChanged, Busy."""

    def change(body: Body) -> None:
        body["defaults"] = deepcopy(dict(values))

    return _edit(kind, change, version=version, actor=actor)


@transaction.atomic
def discard_draft(kind: str, *, version: int, actor: Actor) -> None:
    """Delete the draft; without one nothing happens.

    Raises PermissionDenied, DraftChanged when somebody has saved since, Busy.
    """
    require(can_change_rules(actor))
    locks.hold(lock_of(kind))
    draft = _unchanged(kind, version).draft
    if draft is not None:
        events.record(DISCARDED, target=draft, actor=actor, data={"kind": kind})
        draft.delete()


@transaction.atomic
def publish_draft(
    kind: str, *, version: int, note: str, actor: Actor, effective_at: datetime | None = None
) -> RuleVersion:
    """Make the draft the next version, in force from an instant (default: now), and delete it.

    Raises PermissionDenied, DraftChanged, RuleInvalid while something is unfinished, AppliesBackwards,
    Busy.
    """
    require(can_change_rules(actor))
    locks.hold(lock_of(kind))
    draft = _unchanged(kind, version).draft
    if draft is None:
        raise DraftChanged(None)
    made = publish(kind, draft.body, actor=actor, note=note, effective_at=effective_at)
    draft.delete()
    return made


@transaction.atomic
def publish_again(version: RuleVersion, *, note: str, actor: Actor) -> RuleVersion:
    """Publish what an earlier version said as the newest one, in force at once; a draft stays.

    Raises PermissionDenied, RuleInvalid when it names what is no longer there, Busy.
    """
    require(can_change_rules(actor))
    return publish(version.kind, version.body, actor=actor, note=note)


@transaction.atomic
def _edit(kind: str, change: Callable[[Body], None], *, version: int, actor: Actor) -> RuleDraft:
    """Apply a change to the draft, made if there is none, and count the save."""
    require(can_change_rules(actor))
    locks.hold(lock_of(kind))
    work = _unchanged(kind, version)
    body = deepcopy(work.body)
    change(body)
    draft = work.draft or RuleDraft(kind=kind, based_on=work.based_on, version=0)
    draft.body, draft.version = body, draft.version + 1
    draft.updated_at, draft.updated_by = clock.now(), actor.uid
    draft.save()
    events.record(SAVED, target=draft, actor=actor, data={"kind": kind, "save": draft.version})
    return draft


def _unchanged(kind: str, version: int) -> Work:
    work = work_on(kind)
    if work.version != version:
        raise DraftChanged(work.draft)
    return work


def _find(body: Body, code: str) -> Body:
    for rule in body.get("rules", []):
        if rule.get("code") == code:
            return rule  # type: ignore[no-any-return]
    raise RuleGone(code)
