"""Split one registration in two: some product lines stay, the others are decided on their own."""

import uuid
from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from catalog.models import ProductLine
from prm import due
from prm.due.models import DueRow
from prm.reference import new_reference
from registrations.enums import WAITING_STATES, Exclusivity
from registrations.models import Registration, RegistrationConflict
from registrations.services import conflicts, notices, ruling
from registrations.services.core import Refused, record
from registrations.services.decisions.shared import opened
from users.models import User

BY_LINES = frozenset({Exclusivity.PRODUCTS, Exclusivity.PRODUCTS_PLACES})


class CannotBeSplit(Refused):
    """The deal cannot be parted like this; the sentence says why."""

    sentence = _("This deal cannot be split.")


OVER = _("Only a deal that waits for a decision can be split.")
WHOLE = _("This deal claims its customer for all product lines, so there is nothing to part.")
BOTH = _(
    "Choose at least one product line for the second deal, and leave at least one with the first."
)
VALUE = _("The second deal’s value is part of the whole: between 0 and the value of this deal.")


@transaction.atomic
def split_registration(
    registration: Registration,
    lines: Iterable[ProductLine],
    *,
    actor: User,
    value: Decimal = Decimal(0),
    version: int | None = None,
) -> tuple[Registration, Registration]:
    """Move product lines, and their part of the value, to a second registration; return both.

    Both keep the receipt, the ledger number and the promise, and each is decided on its own. What they
    collide with is noted anew. The partner is told at once: a split cannot be taken back. Raises
    PermissionDenied, ChangedMeanwhile, CannotBeSplit, Busy.
    """
    row = opened(registration, actor, version)
    moved = _moved(row, lines, value)
    half = _half(row, value)
    half.product_lines.set(moved)
    row.product_lines.remove(*moved)
    assert row.value is not None
    row.change(value=row.value - value, version=row.version + 1)
    _forget_open(row)
    for each in (row, half):
        conflicts.flag(each)
        ruling.judge_again(each)
    _plan(row, half)
    record("split", row, actor=actor, data={"half": str(half.uid)})
    record("split", half, actor=actor, data={"from": str(row.uid), "number": row.ledger_number})
    notices.split(row, half)
    return row, half


def _moved(row: Registration, lines: Iterable[ProductLine], value: Decimal) -> list[ProductLine]:
    if row.state not in WAITING_STATES:
        raise CannotBeSplit(OVER)
    if row.exclusivity not in BY_LINES:
        raise CannotBeSplit(WHOLE)
    chosen = {line.pk for line in lines}
    claimed = list(row.product_lines.all())
    moved = [line for line in claimed if line.pk in chosen]
    if not moved or len(moved) == len(claimed):
        raise CannotBeSplit(BOTH)
    if row.value is None or not 0 <= value <= row.value:
        raise CannotBeSplit(VALUE)
    return moved


def _half(row: Registration, value: Decimal) -> Registration:
    """Return a stored copy of a row under a reference of its own; the number in the ledger is shared."""
    half = Registration.objects.get(pk=row.pk)
    half.pk, half._state.adding = None, True
    half.uid, half.token = uuid.uuid4(), uuid.uuid4()
    half.reference, half.version = new_reference("D"), 1
    half.split_from, half.value = row.split_from or row, value
    half.save(force_insert=True)
    return half


def _forget_open(row: Registration) -> None:
    """What nobody has settled is judged anew for both halves, from either side."""
    row.conflicts.filter(settled_at=None).delete()
    RegistrationConflict.objects.filter(other=row, settled_at=None).delete()


def _plan(row: Registration, half: Registration) -> None:
    """What is due for the one is due for the other."""
    old, new = str(row.uid), str(half.uid)
    due.schedule_all(
        DueRow(
            kind=waiting.kind,
            key=waiting.key.replace(old, new),
            subject=new,
            due_at=waiting.due_at,
            data=waiting.data,
        )
        for waiting in DueRow.objects.filter(subject=old)
    )
