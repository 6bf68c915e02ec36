"""Publish rules, take back what is not in force yet, and find the version in force."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from prm import clock, events, locks
from prm.events.extract import canonical
from prm.rules import values
from prm.rules.fields import kind_of
from prm.rules.models import RuleVersion, RuleWithdrawal
from prm.rules.ruleset import RuleSet, Stamp, parse_rules

if TYPE_CHECKING:
    from prm.access import Actor

PUBLISHED = "rules.published"
WITHDRAWN = "rules.withdrawn"
Heard = Callable[[RuleVersion], None]
_heard: dict[str, list[Heard]] = {}


class NoRules(LookupError):
    """No version of this kind is in force at that time."""


class AppliesBackwards(ValueError):
    """Rules were to take effect before they are published."""


class InForceAlready(ValueError):
    """A version was to be withdrawn that has taken effect, or was withdrawn before."""


def lock_of(kind: str) -> str:
    """Return the key of the lock under which a kind's versions and draft are written."""
    return f"prm.rules.{kind}"


@transaction.atomic
def publish(
    kind: str,
    body: Mapping[str, Any],
    *,
    actor: "Actor | None",
    note: str = "",
    effective_at: datetime | None = None,
) -> RuleVersion:
    """Publish the next version of a kind of rules, in force from `effective_at` (default: now).

    Cases decided before keep their stamp; functions of `on_published` run in the transaction. Records
    rules.published.
    Raises RuleInvalid, KindUnknown, AppliesBackwards, Busy.
    """
    kept = parse_rules(kind, body).as_json()
    now = clock.now()
    if effective_at is not None and effective_at < now:
        raise AppliesBackwards
    locks.hold(lock_of(kind))
    newest = RuleVersion.objects.of_kind(kind).first()
    version = RuleVersion.objects.create(
        kind=kind,
        number=newest.number + 1 if newest else 1,
        body=kept,
        digest=hashlib.sha256(canonical(kept).encode()).hexdigest(),
        effective_at=effective_at or now,
        published_at=now,
        author_uid=actor.uid if actor else None,
        note=note,
    )
    data = {"kind": kind, "number": version.number, "digest": version.digest}
    private = {"note": note} if note else {}
    events.record(PUBLISHED, target=version, actor=actor, data=data, private=private)
    for function in _heard.get(kind, ()):
        function(version)
    return version


def on_published(kind: str, function: Heard) -> None:
    """Have a function run whenever a version of a kind is published, in that transaction.

    Long work belongs into a due row at the version's `effective_at`. Registering again changes nothing.
    """
    known = _heard.setdefault(kind, [])
    if function not in known:
        known.append(function)


@transaction.atomic
def withdraw(version: RuleVersion, *, actor: "Actor", note: str = "") -> RuleWithdrawal:
    """Take a version back before it takes effect: it never will, and stays in the list as such.

    Records rules.withdrawn. Raises InForceAlready, Busy.
    """
    locks.hold(lock_of(version.kind))
    now = clock.now()
    if version.effective_at <= now or RuleWithdrawal.objects.filter(version=version).exists():
        raise InForceAlready
    taken = RuleWithdrawal.objects.create(version=version, at=now, author_uid=actor.uid, note=note)
    data = {"kind": version.kind, "number": version.number}
    private = {"note": note} if note else {}
    events.record(WITHDRAWN, target=version, actor=actor, data=data, private=private)
    return taken


def current(kind: str, at: datetime | None = None) -> RuleVersion:
    """Return the version of a kind in force at an instant (default: now); raises NoRules."""
    version = RuleVersion.objects.in_force(kind, at or clock.now()).first()
    if version is None:
        raise NoRules(kind)
    return version


def ruleset(version: RuleVersion) -> RuleSet:
    """Return a version's rules, stamped with it. Raises RuleInvalid when fields were withdrawn.

    Codes that were retired since are still compared. What the version says nothing about, because its
    kind learned to ask for it later, is as usual.
    """
    stamp = Stamp(version.kind, version.number, version.digest)
    found = _parsed.get(stamp)
    if found is None:
        if len(_parsed) >= _KEPT:
            _parsed.clear()
        found = _parsed[stamp] = _with_usual(read_version(version, stamp))
    return found


def read_version(version: RuleVersion, stamp: Stamp | None = None) -> RuleSet:
    """Return what a version itself says; raises RuleInvalid when fields were withdrawn since."""
    return parse_rules(version.kind, version.body, stamp=stamp, strict=False)


def _with_usual(found: RuleSet) -> RuleSet:
    kind = kind_of(found.kind)
    usual = {
        name: values.read_outcome(kind.outcomes[name], raw, strict=False)
        for name, raw in kind.usual.items()
    }
    return replace(found, defaults=usual | dict(found.defaults))


_KEPT = 256
_parsed: dict[Stamp, RuleSet] = {}
"""Rule sets of this process: a version never changes, and its digest says the same in every tenant."""
