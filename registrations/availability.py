"""What a partner is told before it registers: one of four verdicts. Pure: no ORM, no clock.

The verdict is made from the same flags that a submission would be given, so that the answer here and
the one after submitting agree.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from registrations.conflicts import Flag
from registrations.enums import ConflictKind, Verdict

_REFUSED = frozenset({ConflictKind.VENDOR_DIRECT, ConflictKind.RESTRICTED})


@dataclass(frozen=True, slots=True)
class Ruling:
    """The verdict, what decided it (for staff), and the partner's own registration if it is that."""

    verdict: Verdict
    cause: ConflictKind | None = None
    registration: int | None = None


def rule(flags: Iterable[Flag], *, says_not_eligible: bool) -> Ruling:
    """Return the verdict on a customer.

    What is the partner's own comes first: it says nothing about anybody else. Everything else that
    collides is one and the same "needs review", unless the vendor wants designated companies named.
    """
    flags = list(flags)
    for flag in flags:
        if flag.kind == ConflictKind.OWN_DUPLICATE:
            return Ruling(Verdict.YOURS, flag.kind, flag.registration)
    for flag in flags:
        if flag.kind in _REFUSED and says_not_eligible:
            return Ruling(Verdict.NOT_ELIGIBLE, flag.kind)
    if flags:
        return Ruling(Verdict.REVIEW, flags[0].kind, flags[0].registration)
    return Ruling(Verdict.CLEAR)


def free_at(asked: Iterable[datetime], window: timedelta, limit: int) -> datetime | None:
    """Return when one more question is allowed, or None if it is allowed now.

    `asked` are the times of the counted questions within the window, in any order.
    """
    times = sorted(asked)
    return times[len(times) - limit] + window if len(times) >= limit else None
