"""Ask the partner for more: the vendor's clock stands still until the answer."""

from collections.abc import Iterable

from django.db import transaction

from registrations.enums import Action
from registrations.models import Registration
from registrations.services import notices
from registrations.services.core import clock_left, move, record
from registrations.services.decisions.shared import NOT_HELD, keep, opened, remember, taken
from registrations.services.drafts import CORRECTABLE
from users.models import User


@transaction.atomic
def ask_for_more(
    registration: Registration,
    *,
    actor: User,
    question: str,
    open_fields: Iterable[str] = (),
    version: int | None = None,
) -> Registration:
    """Ask the partner something; the vendor's clock stops until the answer.

    `open_fields` names what the partner may correct with its answer. Raises PermissionDenied,
    ChangedMeanwhile, InvalidTransition, Busy.
    """
    row = taken(opened(registration, actor, version), actor)
    memory = remember(row)
    asked = sorted(set(open_fields) & CORRECTABLE)
    move(
        row,
        Action.ASK,
        actor=actor,
        question=question,
        answer="",
        open_fields=asked,
        time_left=clock_left(row),
        due_at=None,
        **NOT_HELD,
    )
    keep(row, Action.ASK, memory, actor=actor, settled=[])
    record("asked", row, actor=actor, data={"fields": asked}, private={"question": question})
    notices.asked(row)
    return row
