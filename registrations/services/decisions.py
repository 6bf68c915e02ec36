"""What a referee does: take, ask, confirm the customer, approve, put in line, decline."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from companies import services as company_services
from companies.enums import Standing
from companies.models import Company
from companies.selectors import lock_keys
from prm import clock, locks
from prm.access import require
from registrations import policies, selectors
from registrations.enums import Action, DeclineCode, Settlement, State
from registrations.models import Protection, Registration
from registrations.services import conflicts, notices, protections
from registrations.services.core import (
    Refused,
    locked,
    move,
    record,
    same_version,
)
from users.models import User


class UnsettledConflicts(Refused):
    """There are conflicts that nobody has settled, and they were not overruled."""

    sentence = _("Settle the conflicts first, or approve in spite of them.")


class CustomerNotConfirmed(Refused):
    """An approval needs a confirmed company."""

    sentence = _("Confirm who the customer is before you approve.")


class NothingToWaitFor(Refused):
    """Nobody holds the scope, so there is no line to stand in."""

    sentence = _("Nobody holds this customer in this scope, so there is nothing to wait for.")


def _open(registration: Registration, actor: User, version: int | None) -> Registration:
    """Take the company's lock, then the row's; check right and version; settle what time has decided."""
    assert registration.company is not None
    locks.hold(*lock_keys(registration.company))
    row = locked(registration)
    require(policies.can_decide(actor, row))
    same_version(row, version)
    return row


def _taken(row: Registration, actor: User) -> Registration:
    """A decision on something nobody has taken takes it first."""
    if row.state == State.SUBMITTED:
        move(row, Action.TAKE, actor=actor, reviewer=actor)
        record("taken", row, actor=actor)
    return row


@transaction.atomic
def take_registration(registration: Registration, *, actor: User) -> Registration:
    """Make the actor its reviewer and put it in review. Raises PermissionDenied, Busy."""
    row = locked(registration)
    require(policies.can_decide(actor, row))
    if row.state == State.SUBMITTED:
        return _taken(row, actor)
    if row.reviewer_id != actor.pk:
        row.change(reviewer=actor)
        record("taken", row, actor=actor)
    return row


@transaction.atomic
def approve_registration(
    registration: Registration,
    *,
    actor: User,
    version: int | None = None,
    note: str = "",
    overrule: bool = False,
) -> Registration:
    """Approve and start the protection that the rules grant.

    Open conflicts must be overruled explicitly and are settled by that. Rivals keep their state; what
    they collide with now is noted with them. The decision counts at once, its mail leaves after 30
    seconds. Raises PermissionDenied, ChangedMeanwhile, InvalidTransition, CustomerNotConfirmed,
    UnsettledConflicts, CustomerAlreadyProtected, Busy.
    """
    row = _taken(_open(registration, actor, version), actor)
    assert row.company is not None
    if row.company.standing != Standing.CONFIRMED:
        raise CustomerNotConfirmed
    protections.settle_company(row.company.pk)
    if row.conflicts.filter(settled_at=None).exists() and not overrule:
        raise UnsettledConflicts
    start, end = protections.period_for(row)
    move(
        row,
        Action.APPROVE,
        actor=actor,
        decided_at=start,
        decided_by=actor,
        decision_note=note,
        touched_at=start,
    )
    protection = protections.protect(row, start, end)
    _follow_up(row, protection, actor)
    return row


def _follow_up(row: Registration, protection: Protection, actor: User) -> None:
    """What an approval brings about: settled conflicts, reminders, the event, mails, rivals' flags."""
    end, note = protection.ends_at, row.decision_note
    conflicts.settle_all(row, Settlement.OVERRULED, actor=actor)
    protections.plan_reminders(row, end)
    record(
        "approved",
        row,
        actor=actor,
        data={"protection": str(protection.uid), "until": end.isoformat()},
        private={"note": note} if note else None,
    )
    notices.approved(row, end)
    conflicts.warn_rivals(row)


@transaction.atomic
def queue_registration(
    registration: Registration, *, actor: User, version: int | None = None, note: str = ""
) -> Registration:
    """Put a registration in line, whole, because somebody holds part of its scope.

    Raises PermissionDenied, ChangedMeanwhile, InvalidTransition, CustomerNotConfirmed,
    NothingToWaitFor, Busy.
    """
    row = _taken(_open(registration, actor, version), actor)
    assert row.company is not None
    if row.company.standing != Standing.CONFIRMED:
        raise CustomerNotConfirmed
    now = clock.now()
    if not selectors.holders_of(row.company.pk, selectors.scope_of(row), now).exists():
        raise NothingToWaitFor
    move(row, Action.QUEUE, actor=actor, queued_at=now, decision_note=note)
    conflicts.settle_all(row, Settlement.UPHELD, actor=actor)
    record("queued", row, actor=actor, private={"note": note} if note else None)
    notices.queued(row)
    return row


@transaction.atomic
def reject_registration(
    registration: Registration,
    *,
    actor: User,
    code: DeclineCode,
    note: str,
    version: int | None = None,
) -> Registration:
    """Decline, with a code and a note that the partner reads as they are.

    Raises PermissionDenied, ChangedMeanwhile, InvalidTransition, Busy.
    """
    row = _taken(_open(registration, actor, version), actor)
    move(
        row,
        Action.REJECT,
        actor=actor,
        decided_at=clock.now(),
        decided_by=actor,
        decline_code=code,
        decision_note=note,
    )
    conflicts.settle_all(row, Settlement.UPHELD, actor=actor)
    conflicts.gone(row)
    assert row.company_id is not None
    protections.settle_company(row.company_id)
    record("rejected", row, actor=actor, data={"code": str(code)}, private={"note": note})
    notices.rejected(row)
    return row


@transaction.atomic
def ask_for_more(
    registration: Registration, *, actor: User, question: str, version: int | None = None
) -> Registration:
    """Ask the partner something; the vendor's clock stops until the answer.

    Raises PermissionDenied, ChangedMeanwhile, InvalidTransition, Busy.
    """
    row = _taken(_open(registration, actor, version), actor)
    move(row, Action.ASK, actor=actor, question=question, answer="", due_at=None)
    record("asked", row, actor=actor, private={"question": question})
    notices.asked(row)
    return row


@transaction.atomic
def confirm_customer(
    registration: Registration, company: Company | None, *, actor: User
) -> Registration:
    """Say who the customer is: the company it points to, or another one that it is merged into.

    What the registration collides with is looked at again. Raises PermissionDenied, MergeRefused, Busy.
    """
    require(policies.can_decide(actor, registration))
    own = registration.company
    assert own is not None
    if company is None or company.pk == own.pk:
        company_services.confirm_company(own, actor=actor)
    else:
        company_services.confirm_as(own, company, actor=actor)
    row = locked(registration)
    record("customer-confirmed", row, actor=actor, data={"company": str(row.company.uid)})  # type: ignore[union-attr]
    if row.state in {State.SUBMITTED, State.IN_REVIEW, State.ACTION_REQUIRED}:
        conflicts.flag(row)
    return row
