"""What every decision shares: the locks, the memory that undo needs, and the row that keeps it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.duration import duration_string
from django.utils.translation import gettext_lazy as _

from companies.enums import Standing
from companies.selectors import lock_keys
from prm import clock, due, locks
from prm.access import require
from prm.due.models import DueRow
from registrations import policies
from registrations.enums import Action, Settlement, State
from registrations.models import Decision, Registration
from registrations.services import conflicts, effects, lately
from registrations.services.core import HOLD, Refused, locked, move, record
from users.models import User

KEPT = (
    "due_at", "time_left", "question", "open_fields", "answer", "queued_at", "decided_at",
    "decided_by_id", "decline_code", "decision_note", "touched_at", "duplicate_of_id", "held_until",
    "hold_note",
)  # fmt: skip
"""The fields that a decision may change, besides state and version; undo writes them back."""
NOT_HELD: dict[str, Any] = {"held_until": None, "hold_note": ""}
"""A decided case is on nobody's shelf any more."""


class UnsettledConflicts(Refused):
    """There are conflicts that nobody has settled, and they were not overruled."""

    sentence = _("Settle the conflicts first, or approve in spite of them.")


class CustomerNotConfirmed(Refused):
    """An approval needs a confirmed company."""

    sentence = _("Confirm who the customer is before you approve.")


@dataclass(frozen=True, slots=True)
class Memory:
    """How a registration stood before a decision."""

    origin: State
    fields: dict[str, Any]
    due: list[list[Any]]


def opened(registration: Registration, actor: User, version: int | None) -> Registration:
    """Take the company's lock, then the row's; check right and version.

    Raises PermissionDenied, ChangedMeanwhile, Busy.
    """
    assert registration.company is not None
    locks.hold(*lock_keys(registration.company))
    return checked(locked(registration), actor, version)


def checked(row: Registration, actor: User, version: int | None) -> Registration:
    """Check right and version of a locked row. Raises PermissionDenied, ChangedMeanwhile."""
    require(policies.can_decide(actor, row))
    if version is not None and row.version != version:
        raise lately.changed(row)
    return row


def taken(row: Registration, actor: User | None) -> Registration:
    """A decision on something nobody has taken takes it first; the taking stays if it is undone."""
    if row.state == State.SUBMITTED:
        move(row, Action.TAKE, actor=actor, reviewer=actor or row.reviewer)
        record("taken", row, actor=actor)
    return row


def confirmed(row: Registration) -> Registration:
    """Raise CustomerNotConfirmed unless somebody has said who the customer is."""
    assert row.company is not None
    if row.company.standing != Standing.CONFIRMED:
        raise CustomerNotConfirmed
    return row


def remember(row: Registration) -> Memory:
    """Return what undo needs to know of a locked row, before it is decided."""
    waiting = DueRow.objects.filter(subject=str(row.uid)).order_by("kind", "key")
    return Memory(
        State(row.state),
        {name: _plain(getattr(row, name)) for name in KEPT},
        [[d.kind, d.key, d.due_at.isoformat(), d.data] for d in waiting],
    )


def settle(row: Registration, settlement: Settlement, actor: User | None) -> list[int]:
    """Settle whatever is open on a registration in one way; return which ones."""
    open_ = list(row.conflicts.filter(settled_at=None).order_by("pk").values_list("pk", flat=True))
    conflicts.settle_all(row, settlement, actor=actor)
    return open_


def keep(
    row: Registration,
    action: Action,
    memory: Memory,
    *,
    actor: User | None,
    settled: list[int],
    **details: Any,
) -> Decision:
    """Write down a decision that was just made; its effects leave after 30 seconds, a rule's at once."""
    now = clock.now()
    decision = Decision.objects.create(
        registration=row,
        action=action,
        origin=memory.origin,
        actor=actor,
        at=now,
        effective_at=now + HOLD if actor else now,
        before=memory.fields,
        settled=settled,
        details={"version": row.version, "due": memory.due, **details},
    )
    if actor is None:
        effects.happen(decision, row)
    else:
        name = str(decision.uid)
        due.schedule(effects.KIND, name, decision.effective_at, subject=f"decision:{name}")
    return decision


def _plain(value: Any) -> Any:
    """Return a field's value as JSON keeps it, to the microsecond; `to_python` reads it back."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return duration_string(value)
    return list(value) if isinstance(value, list) else value
