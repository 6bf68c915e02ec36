"""What a decision does for others: 30 seconds after it, unless it was taken back."""

from datetime import datetime

from django.db import transaction

from companies.selectors import lock_keys
from prm import clock, due, locks
from prm.due.models import DueRow
from registrations.enums import Action, State
from registrations.models import Decision, Registration
from registrations.services import conflicts, protections
from registrations.services.core import locked

KIND = "registrations.effects"


@due.handler(KIND)
def effects(row: DueRow) -> datetime | None:
    """Let a decision's effects out once it can no longer be taken back."""
    decision = Decision.objects.filter(uid=row.key).select_related("registration__company").first()
    if decision is not None:
        let_out(decision)
    return None


@transaction.atomic
def let_out(decision: Decision) -> None:
    """Do what a standing decision does for others, once; nothing for one that was taken back.

    Raises Busy.
    """
    assert decision.registration.company is not None
    locks.hold(*lock_keys(decision.registration.company))
    row = locked(decision.registration)
    kept = Decision.objects.select_for_update().get(pk=decision.pk)
    if kept.undone_at is None and kept.done_at is None:
        happen(kept, row)


def happen(decision: Decision, row: Registration) -> None:
    """Under the company's and the row's lock: rivals learn of an approval, the line of a way free."""
    assert row.company_id is not None
    if decision.action == Action.APPROVE and row.state == State.APPROVED:
        conflicts.warn_rivals(row)
    decision.done_at = clock.now()
    decision.save(update_fields=["done_at"])
    if decision.action == Action.REJECT and row.state == State.REJECTED:
        conflicts.gone(row)
    if decision.action in {Action.REJECT, Action.QUEUE}:
        protections.settle_company(row.company_id)
