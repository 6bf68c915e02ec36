"""Put in line, and decline."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from prm import clock
from registrations import selectors
from registrations.enums import Action, DeclineCode, Settlement, State
from registrations.models import Registration
from registrations.services import notices
from registrations.services.core import Refused, move, record
from registrations.services.decisions.shared import (
    NOT_HELD,
    confirmed,
    keep,
    opened,
    remember,
    settle,
    taken,
)
from users.models import User


class NothingToWaitFor(Refused):
    """Nobody holds the scope, so there is no line to stand in."""

    sentence = _("Nobody holds this customer in this scope, so there is nothing to wait for.")


class NotTheirs(Refused):
    """A duplicate is a second deal of the same partner; another partner's is no duplicate."""

    sentence = _(
        "That is not another deal of this partner, so this one is no duplicate of it. Decline it instead."
    )


@transaction.atomic
def queue_registration(
    registration: Registration, *, actor: User, version: int | None = None, note: str = ""
) -> Registration:
    """Put a registration in line, whole, because somebody holds part of its scope.

    Raises PermissionDenied, ChangedMeanwhile, InvalidTransition, CustomerNotConfirmed,
    NothingToWaitFor, Busy.
    """
    row = confirmed(taken(opened(registration, actor, version), actor))
    assert row.company_id is not None
    now = clock.now()
    if not selectors.holders_of(row.company_id, selectors.scope_of(row), now).exists():
        raise NothingToWaitFor
    memory = remember(row)
    move(row, Action.QUEUE, actor=actor, queued_at=now, decision_note=note, **NOT_HELD)
    settled = settle(row, Settlement.UPHELD, actor)
    keep(row, Action.QUEUE, memory, actor=actor, settled=settled)
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
    duplicate_of: Registration | None = None,
    version: int | None = None,
) -> Registration:
    """Decline, with a code and a note that the partner reads as they are.

    `duplicate_of` is another deal of the same partner and goes with the code DUPLICATE. Raises
    PermissionDenied, ChangedMeanwhile, InvalidTransition, NotTheirs, Busy.
    """
    row = taken(opened(registration, actor, version), actor)
    if duplicate_of is not None and not _is_theirs(row, duplicate_of):
        raise NotTheirs
    memory = remember(row)
    move(
        row,
        Action.REJECT,
        actor=actor,
        decided_at=clock.now(),
        decided_by=actor,
        decline_code=code,
        decision_note=note,
        duplicate_of=duplicate_of,
        **NOT_HELD,
    )
    settled = settle(row, Settlement.UPHELD, actor)
    keep(row, Action.REJECT, memory, actor=actor, settled=settled)
    data: dict[str, Any] = {"code": str(code)}
    if duplicate_of is not None:
        data["of"] = str(duplicate_of.uid)
    record("rejected", row, actor=actor, data=data, private={"note": note})
    notices.rejected(row)
    return row


def _is_theirs(row: Registration, other: Registration) -> bool:
    return other.partner_id == row.partner_id and other.pk != row.pk and other.state != State.DRAFT
