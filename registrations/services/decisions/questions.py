"""Ask the partner for more, and take its answer: the vendor's clock stands still in between."""

from collections.abc import Iterable

from django.db import transaction

from prm import clock
from prm.access import require
from registrations import engagement, policies
from registrations.enums import Action
from registrations.models import Registration
from registrations.services import notices
from registrations.services.core import (
    clock_left,
    clock_resumed,
    decision_due,
    locked,
    move,
    record,
    same_version,
)
from registrations.services.decisions.shared import NOT_HELD, keep, opened, remember, taken
from registrations.services.drafts import FIELDS
from users.models import User

ASKABLE = FIELDS | {"product_lines", "evidence"}
"""What a partner may be asked to correct; nothing else of a sent registration ever opens."""


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
    asked = sorted(set(open_fields) & ASKABLE)
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


@transaction.atomic
def answer_question(
    registration: Registration, *, actor: User, answer: str, version: int | None = None
) -> Registration:
    """The partner's answer; the vendor's clock goes on with what was left of it.

    Raises PermissionDenied, ChangedMeanwhile, InvalidTransition, Busy.
    """
    row = locked(registration)
    require(policies.can_work(actor, row))
    same_version(row, version)
    if row.time_left is None:
        until = decision_due(clock.now(), engagement.terms_for(row))
    else:
        until = clock_resumed(row)
    move(
        row, Action.ANSWER, actor=actor, answer=answer, due_at=until, time_left=None, open_fields=[]
    )
    record("answered", row, actor=actor, private={"answer": answer})
    notices.answered(row)
    return row
