"""What a partner does with its own registration after it was sent: touch, stage, close, withdraw."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from companies.selectors import lock_keys
from prm import clock, due, locks
from prm.access import require
from registrations import engagement, policies
from registrations.enums import Action, CloseCode, LostReason, Stage, State, TouchKind
from registrations.models import Registration, Touch
from registrations.services import conflicts, notices, protections
from registrations.services.core import Refused, locked, move, record, same_version
from users.models import User


class NotRunning(Refused):
    """Only an approved registration can be worked."""

    sentence = _("This deal is no longer running, so there is nothing to confirm.")


_PARTNERS_CODES = frozenset({CloseCode.WON, CloseCode.LOST, CloseCode.RELEASED})
_STAGE_AT_END = {CloseCode.WON: Stage.WON, CloseCode.LOST: Stage.LOST}


def _touched(row: Registration, kind: TouchKind, actor: User | None) -> None:
    """Note a touch; the next prod counts from now. Never moves the protection's end."""
    now = clock.now()
    Touch.objects.create(registration=row, kind=kind, by=actor)
    row.change(touched_at=now)
    subject = str(row.uid)
    terms = engagement.terms_for(row)
    due.schedule("registrations.prod", subject, now + terms.prod_every, subject=subject)


@transaction.atomic
def touch_registration(
    registration: Registration, *, kind: TouchKind, actor: User | None
) -> Registration:
    """Note that the deal is still active; idempotent enough to be clicked from a mail.

    `actor` is the link's recipient, or whoever is signed in. Raises NotRunning, PermissionDenied.
    """
    row = locked(registration)
    require(actor is None or policies.can_work(actor, row))
    if row.state != State.APPROVED:
        raise NotRunning
    _touched(row, kind, actor)
    record("touched", row, actor=actor, data={"kind": str(kind)})
    return row


@transaction.atomic
def move_stage(registration: Registration, stage: Stage, *, actor: User) -> Registration:
    """Move the partner's sales stage; it counts as a touch. Won and lost close the registration.

    Raises PermissionDenied, NotRunning.
    """
    if stage in {Stage.WON, Stage.LOST}:
        code = CloseCode.WON if stage == Stage.WON else CloseCode.LOST
        return close_registration(registration, code, actor=actor)
    row = locked(registration)
    require(policies.can_work(actor, row))
    if row.state != State.APPROVED:
        raise NotRunning
    if row.stage == stage:
        return row
    before = row.stage
    row.change(stage=stage)
    _touched(row, TouchKind.STAGE, actor)
    record("stage-moved", row, actor=actor, data={"from": str(before), "to": str(stage)})
    return row


@transaction.atomic
def close_registration(
    registration: Registration,
    code: CloseCode,
    *,
    actor: User,
    version: int | None = None,
    lost_because: LostReason | None = None,
    note: str = "",
) -> Registration:
    """Close as won, lost or released: the protection ends now and the next in line moves up.

    Why a deal was lost, and a note, are kept with the event.

    Raises PermissionDenied, NotRunning, ChangedMeanwhile, Busy.
    """
    assert registration.company is not None
    locks.hold(*lock_keys(registration.company))
    row = locked(registration)
    require(policies.can_work(actor, row) and code in _PARTNERS_CODES)
    same_version(row, version)
    if row.state != State.APPROVED:
        raise NotRunning
    if code in _STAGE_AT_END:
        row.change(stage=_STAGE_AT_END[code])
    because = {"lost_because": str(lost_because)} if lost_because else None
    protections.close(row, code, actor=actor, because=because, note=note)
    assert row.company_id is not None
    protections.settle_company(row.company_id)
    return row


@transaction.atomic
def withdraw_registration(
    registration: Registration, *, actor: User, version: int | None = None, reason: str = ""
) -> Registration:
    """Take back a registration that is not decided, saying why.

    Raises PermissionDenied, ChangedMeanwhile, InvalidTransition, Busy.
    """
    assert registration.company is not None
    locks.hold(*lock_keys(registration.company))
    row = locked(registration)
    require(policies.can_work(actor, row))
    same_version(row, version)
    move(row, Action.WITHDRAW, actor=actor)
    conflicts.gone(row)
    due.cancel_subject(str(row.uid))
    notices.cancel(row)
    assert row.company_id is not None
    protections.settle_company(row.company_id)
    record("withdrawn", row, actor=actor, private={"reason": reason} if reason else None)
    return row
