"""Take a decision back while it is held, and reopen one that has left."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from psycopg.types.range import TimestamptzRange

from companies.selectors import lock_keys
from prm import clock, due, locks
from prm.access import require
from prm.due.models import DueRow
from registrations import engagement, policies, selectors, transitions
from registrations.enums import OPEN_STATES, Action, ConflictKind, Settlement, State
from registrations.models import (
    Decision,
    Protection,
    ProtectionHolder,
    Registration,
    RegistrationConflict,
)
from registrations.services import conflicts, notices, protections, ruling
from registrations.services.core import Refused, decision_due, locked, move, record
from registrations.services.decisions.shared import opened
from users.models import User


class TooLate(Refused):
    """The hold is over: the partner has been told."""

    sentence = _(
        "The 30 seconds are over: the partner has been told. A declined deal can be reopened."
    )


class Overtaken(Refused):
    """The registration has moved on since the decision."""

    sentence = _("This deal has moved on since, so the decision can no longer be taken back.")


class UndoneAlready(Refused):
    """Somebody else has taken it back."""

    sentence = _("This decision has been taken back already.")


class StillHeld(Refused):
    """A decision that is still held is taken back, not reopened."""

    sentence = _("This decision has not left yet: take it back instead.")


_MAIL = {
    Action.APPROVE: "registrations.approved",
    Action.QUEUE: "registrations.queued",
    Action.REJECT: "registrations.rejected",
    Action.ASK: "registrations.asked",
}


@transaction.atomic
def undo_decision(decision: Decision, *, actor: User) -> Registration:
    """Take a held decision back: the registration stands exactly as before, and nobody is told.

    Any referee may. Its protection becomes empty, its conflicts are open again, its mail is cancelled;
    what was decided with it (a joint approval) goes back with it. Whoever registered meanwhile is
    looked at again. Raises PermissionDenied, TooLate, UndoneAlready, Overtaken, Busy.
    """
    company = decision.registration.company
    assert company is not None
    locks.hold(*lock_keys(company))
    group = _together(decision)
    rows = {each.registration_id: locked(each.registration) for each in group}
    now, since = clock.now(), group[0].at
    for each in group:
        row = rows[each.registration_id]
        require(policies.can_decide(actor, row))
        _check(each, row, now)
        _put_back(each, row)
        each.undone_at, each.undone_by = now, actor
        each.save(update_fields=["undone_at", "undone_by"])
        record("undone", row, actor=actor, data={"decision": str(each.uid), "of": each.action})
    for row in rows.values():
        _look_again(row, since)
    protections.settle_company(company.pk)
    return rows[decision.registration_id]


def _together(decision: Decision) -> list[Decision]:
    """Return the decisions that were made as one, by registration, locked."""
    rows = Decision.objects.select_related("registration").select_for_update(of=("self",))
    name = decision.details.get("group")
    chosen = rows.filter(details__group=name) if name else rows.filter(pk=decision.pk)
    return list(chosen.order_by("registration_id"))


def _check(decision: Decision, row: Registration, now: datetime) -> None:
    if decision.undone_at is not None:
        raise UndoneAlready
    if decision.done_at is not None or decision.effective_at <= now:
        raise TooLate
    if decision.details["version"] != row.version or _is_shared_since(decision):
        raise Overtaken


def _is_shared_since(decision: Decision) -> bool:
    """Whether somebody has joined the protection since, or has left it: it is no longer ours to empty."""
    holders = ProtectionHolder.objects.filter(protection__uid=decision.details.get("protection"))
    joined = decision.details.get("joined")
    if joined:
        known = {joined["holder"], *(holder for holder, _share in joined["shares"])}
        return (
            holders.exclude(pk__in=known, ended_at=None)
            .filter(Q(pk__gt=joined["holder"]) | Q(pk__in=known))
            .exists()
        )
    group = decision.details.get("group")
    ours = Decision.objects.filter(details__group=group) if group else Decision.objects.none()
    return (
        holders.exclude(registration=decision.registration_id)
        .exclude(registration__in=ours.values("registration"))
        .exists()
    )


def _put_back(decision: Decision, row: Registration) -> None:
    """Write everything back as the decision found it; raises TooLate if a mail is on its way."""
    action = Action(decision.action)
    if not notices.take_back(_MAIL[action], row):
        raise TooLate
    _empty(decision)
    before = transitions.undo_target(State(decision.origin), action, State(row.state))
    values = {name: _field(name).to_python(value) for name, value in decision.before.items()}
    row.change(state=before, version=row.version + 1, **values)
    row.conflicts.filter(pk__in=decision.settled).update(
        settlement="", settled_at=None, settled_by=None
    )
    _replan(decision, row)


def _field(name: str) -> Any:
    return Registration._meta.get_field(name.removesuffix("_id"))


def _empty(decision: Decision) -> None:
    """A protection that was given is empty; a share that was taken of another's goes back."""
    joined = decision.details.get("joined")
    if joined:
        ProtectionHolder.objects.filter(pk=joined["holder"]).delete()
        for holder, share in joined["shares"]:
            ProtectionHolder.objects.filter(pk=holder).update(share=share)
    elif "protection" in decision.details:
        given = Protection.objects.filter(uid=decision.details["protection"])
        given.update(period=TimestamptzRange(empty=True))


def _replan(decision: Decision, row: Registration) -> None:
    """Ask for later what was asked for before the decision, and for nothing else."""
    subject = str(row.uid)
    due.cancel_subject(subject)
    due.schedule_all(
        DueRow(
            kind=kind, key=key, subject=subject, due_at=datetime.fromisoformat(at), data=dict(data)
        )
        for kind, key, at, data in decision.details["due"]
    )


def _look_again(row: Registration, since: datetime) -> None:
    """Whoever registered while the decision stood was judged against it: judge that again."""
    judged = RegistrationConflict.objects.filter(
        other=row, kind=ConflictKind.PROTECTED, created_at__gte=since
    )
    rivals = {conflict.registration_id for conflict in judged}
    judged.delete()
    met = {rival.pk for rival in selectors.rivals(row) if (rival.submitted_at or since) > since}
    again = Registration.objects.filter(pk__in=rivals | met, state__in=OPEN_STATES)
    for rival in again.order_by("pk"):
        conflicts.flag(rival)
    if row.state in OPEN_STATES and Registration.objects.filter(submitted_at__gt=since).exists():
        name = str(row.uid)
        due.schedule("registrations.second-look", name, clock.now(), subject=name)


@transaction.atomic
def reopen_registration(
    registration: Registration, *, actor: User, reason: str, version: int | None = None
) -> Registration:
    """Bring a declined registration back to review; the partner is told why, the clock starts anew.

    What the decline settled is open again, on both sides. Raises PermissionDenied, ChangedMeanwhile,
    InvalidTransition, StillHeld, Busy.
    """
    row = opened(registration, actor, version)
    declined = row.decisions.standing().filter(action=Action.REJECT).order_by("-pk").first()
    if declined is not None and declined.done_at is None and declined.effective_at > clock.now():
        raise StillHeld
    terms = engagement.terms_for(row)
    move(
        row,
        Action.REOPEN,
        actor=actor,
        due_at=decision_due(clock.now(), terms),
        reviewer=actor,
        decided_at=None,
        decided_by=None,
        decline_code="",
        decision_note="",
        duplicate_of=None,
    )
    open_again = {"settlement": "", "settled_at": None, "settled_by": None}
    if declined is not None:
        row.conflicts.filter(pk__in=declined.settled).update(**open_again)
    theirs = RegistrationConflict.objects.filter(other=row, settlement=Settlement.GONE)
    theirs.filter(registration__state__in=OPEN_STATES).update(**open_again)
    conflicts.flag(row)
    ruling.plan_escalation(row, terms)
    record("reopened", row, actor=actor, private={"reason": reason})
    notices.reopened(row, reason)
    return row
