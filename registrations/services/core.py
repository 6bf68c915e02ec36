"""What every service of registrations shares: the row lock, the move, the clock against the vendor."""

from datetime import datetime, timedelta
from typing import Any

from django.db import OperationalError, connection
from django.utils.translation import gettext_lazy as _

from prm import clock, events, locks, portal
from prm.business_time import NeverOpen
from prm.locks import Busy
from registrations import transitions
from registrations.engagement import Terms
from registrations.enums import Action, State
from registrations.models import Registration, SubmissionCounter
from users.models import User

HOLD = timedelta(seconds=30)
"""How long a referee's decision waits before its effects leave."""


class Refused(Exception):
    """A move that cannot be made now; `sentence` says why to the person who tried."""

    sentence = _("This is not possible now.")

    def __init__(self, sentence: Any = None) -> None:
        super().__init__(str(sentence or self.sentence))
        if sentence:
            self.sentence = sentence


class ChangedMeanwhile(Refused):
    """Somebody has moved the registration since the page was read."""

    sentence = _("This deal has moved since you opened the page. This is how it stands now.")


def locked(registration: Registration) -> Registration:
    """Re-read the row FOR UPDATE, so that every later check sees the truth. Raises Busy.

    What services ask of it comes along: its people, its customer, its place and its product lines.
    """
    locks.row_timeout()
    rows = Registration.objects.select_related(*_BESIDE).prefetch_related("product_lines")
    try:
        return rows.select_for_update(of=("self",)).get(pk=registration.pk)
    except OperationalError as error:
        raise Busy from error


_BESIDE = ("partner__manager", "partner__tier", "owner", "company", "place", "rules")


def same_version(row: Registration, version: int | None) -> None:
    """Raise ChangedMeanwhile unless the row is as the person saw it; None skips the question."""
    if version is not None and row.version != version:
        raise ChangedMeanwhile


def move(row: Registration, action: Action, *, actor: User | None, **values: Any) -> Registration:
    """Make a legal move on a locked row, with the values that come with it. The only writer of `state`.

    Raises InvalidTransition. `actor` None means the system itself.
    """
    before = State(row.state)
    row.change(state=transitions.target(before, action), version=row.version + 1, **values)
    return row


def record(
    code: str,
    row: Registration,
    *,
    actor: User | None,
    data: dict[str, Any] | None = None,
    private: dict[str, Any] | None = None,
) -> events.Event:
    """Record one event of a registration."""
    return events.record(
        f"registration.{code}", target=row, actor=actor, data=data or {}, private=private or {}
    )


def for_whom(row: Registration) -> dict[str, Any]:
    """Return what an event says of a deal that staff register for a partner's person; else nothing."""
    return {"for": str(row.owner.uid)} if row.registered_by_id else {}


def next_ledger_number() -> int:
    """Take the next number without gaps; its row stays locked until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {SubmissionCounter._meta.db_table} (id, last) VALUES (1, 1) "  # noqa: S608 - a constant
            "ON CONFLICT (id) DO UPDATE SET last = registrations_submissioncounter.last + 1 "
            "RETURNING last"
        )
        return int(cursor.fetchone()[0])


def decision_due(at: datetime, terms: Terms) -> datetime | None:
    """Return by when the vendor promises to decide, in working days of its own calendar.

    A vendor that is never open promises nothing.
    """
    try:
        return business_days(at, terms.decision_days)
    except NeverOpen:
        return None


def business_days(at: datetime, days: int) -> datetime:
    """Return the instant a number of working days later in the vendor's calendar. Raises NeverOpen."""
    return portal.calendar().add_days(at, days)


def clock_left(row: Registration) -> timedelta | None:
    """Return how much business time the vendor's clock still has, negative when it is late.

    None without a promise.
    """
    if row.due_at is None:
        return None
    return portal.calendar().between(clock.now(), row.due_at)


def clock_resumed(row: Registration) -> datetime | None:
    """Return the new promise of a clock that stood still: what was left of it counts from now."""
    left = row.time_left
    if left is None:
        return None
    try:
        return portal.calendar().add(clock.now(), max(left, timedelta()))
    except NeverOpen:
        return None


def end_of_protection(at: datetime, days: int) -> datetime:
    """Return the end of a protection of whole days: local midnight of the tenant after the last one."""
    zone = portal.zone()
    last_day = at.astimezone(zone).date() + timedelta(days=days)
    midnight = datetime.combine(last_day + timedelta(days=1), datetime.min.time(), tzinfo=zone)
    return midnight
