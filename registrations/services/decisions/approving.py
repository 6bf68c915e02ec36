"""Approve: by a referee, or by a rule."""

from datetime import datetime
from typing import Any

from django.db import transaction

from registrations.enums import Action, Settlement
from registrations.models import Protection, Registration
from registrations.services import notices, protections
from registrations.services.core import move, record
from registrations.services.decisions.shared import (
    NOT_HELD,
    Memory,
    UnsettledConflicts,
    confirmed,
    keep,
    opened,
    remember,
    settle,
    taken,
)
from users.models import User


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

    Open conflicts must be overruled explicitly and are settled by that. It counts at once; its mail
    and the flags at rivals wait 30 seconds, in which it can be taken back. Raises PermissionDenied,
    ChangedMeanwhile, InvalidTransition, CustomerNotConfirmed, UnsettledConflicts,
    CustomerAlreadyProtected, Busy.
    """
    row = ready(opened(registration, actor, version), actor, overrule=overrule)
    return _approve(row, actor, note)


def approve_as_ruled(row: Registration) -> Registration:
    """Approve because the rules of engagement say so: no person decides, effects leave at once.

    The row and its company are locked by the caller, in one transaction. Raises InvalidTransition,
    CustomerNotConfirmed, UnsettledConflicts, CustomerAlreadyProtected.
    """
    return _approve(ready(row, None, overrule=False), None, "")


def ready(row: Registration, actor: User | None, *, overrule: bool) -> Registration:
    """Check that a locked row can be approved, and take it; settle what time has decided."""
    taken(row, actor)
    confirmed(row)
    assert row.company_id is not None
    protections.settle_company(row.company_id)
    if row.conflicts.filter(settled_at=None).exists() and not overrule:
        raise UnsettledConflicts
    return row


def _approve(row: Registration, actor: User | None, note: str) -> Registration:
    start, end = protections.period_for(row)
    memory = remember(row)
    grant(row, actor, note, start)
    protection = protections.protect(row, start, end)
    follow_up(row, memory, protection, actor)
    return row


def grant(row: Registration, actor: User | None, note: str, at: datetime) -> None:
    """Move a row to approved."""
    move(
        row,
        Action.APPROVE,
        actor=actor,
        decided_at=at,
        decided_by=actor,
        decision_note=note,
        touched_at=at,
        **NOT_HELD,
    )


def follow_up(
    row: Registration, memory: Memory, protection: Protection, actor: User | None, **details: Any
) -> None:
    """What an approval brings about: settled conflicts, reminders, the decision, event and mail."""
    end, note = protection.ends_at, row.decision_note
    settled = settle(row, Settlement.OVERRULED, actor)
    protections.plan_reminders(row, end)
    keep(
        row,
        Action.APPROVE,
        memory,
        actor=actor,
        settled=settled,
        protection=str(protection.uid),
        **details,
    )
    record(
        "approved",
        row,
        actor=actor,
        data={"protection": str(protection.uid), "until": end.isoformat()},
        private={"note": note} if note else None,
    )
    notices.approved(row, end, hold=actor is not None)
