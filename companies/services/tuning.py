"""Change how matching is tuned: every change is a new version, every version can come back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from companies.models import MatchTuning
from companies.policies import can_tune
from prm import events, locks
from prm.access import require
from prm.events import changes
from users.models import User


@transaction.atomic
def tune(
    *,
    threshold_offset: int,
    stop_words: Sequence[str],
    equivalences: Sequence[Sequence[str]],
    note: str = "",
    actor: User,
) -> MatchTuning:
    """Put new settings of matching in force; the same ones again change nothing.

    They count for the next comparison; nothing that was flagged before changes. Records
    `matching.tuned`. Raises PermissionDenied, Busy.
    """
    require(can_tune(actor))
    locks.hold("companies.tuning")
    before = MatchTuning.objects.first() or MatchTuning()
    values: dict[str, Any] = {
        "threshold_offset": threshold_offset,
        "stop_words": list(stop_words),
        "equivalences": [list(words) for words in equivalences],
    }
    changed = changes.between({name: getattr(before, name) for name in values}, values)
    if not changed:
        return before
    row = MatchTuning.objects.create(**values, note=note, author=actor)
    codes = {name: pair for name, pair in changed.items() if name == "threshold_offset"}
    texts = {name: pair for name, pair in changed.items() if name not in codes}
    events.record(
        "matching.tuned",
        target=row,
        actor=actor,
        data=changes.payload(codes),
        private={**changes.payload(texts), **({"note": note} if note else {})},
    )
    return row


def return_to(row: MatchTuning, *, actor: User) -> MatchTuning:
    """Put an earlier version's settings in force again, as a new version. As `tune`."""
    return tune(
        threshold_offset=row.threshold_offset,
        stop_words=row.stop_words,
        equivalences=row.equivalences,
        note=row.note,
        actor=actor,
    )
