"""Claim, commit, send, mark: a mail leaves at most once and is never silently lost.

A worker takes one message under a lease and commits; renders; confirms the lease and that bytes are
about to leave, and commits; sends; marks the outcome by its lease token. Whatever kills it between
two of these steps leaves a row that says how far it had come: before the hand-over the message is
queued again, after it the message is uncertain until evidence or a person says what became of it.
"""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.utils.translation import gettext_noop

from notifications import binding, breaker, rendering
from notifications.enums import MessageState as State
from notifications.models import Message
from notifications.transitions import Outcome, Step, Tally, after
from notifications.transport import Transport, words_of
from prm import clock

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=4)  # longer than a whole exchange with the relay; see checks.py
LIMIT = 200
WORKER_GONE = gettext_noop("The worker that was sending it stopped.")

_CLAIM = """
UPDATE notifications_message
   SET state = 'SENDING', lease_token = %(token)s, lease_until = %(until)s, handed_at = NULL
 WHERE id = (SELECT id FROM notifications_message
              WHERE state = 'QUEUED' AND next_at <= %(now)s
              ORDER BY next_at, id
              LIMIT 1
                FOR UPDATE SKIP LOCKED)
RETURNING *
"""


def deliver(limit: int = LIMIT) -> int:
    """Do all that is due about mails in the active tenant; return how many the relay took.

    Settles what killed workers left behind, asks after uncertain messages, binds due notices and
    sends what is queued. Safe beside any number of others. Stops when the relay is dead.
    """
    reap()
    with Transport() as transport:
        reconcile(transport.accepted)
        if not breaker.admits():
            return 0
        sent = 0
        for _turn in range(limit):
            message = claim() or (claim() if binding.bind() else None)
            if message is None:
                break
            outcome = attempt(message, transport)
            if outcome is Outcome.RELAY_DOWN:
                break
            if outcome is Outcome.ACCEPTED:
                sent += 1
                if sent == 1:
                    breaker.mended()
        return sent


@transaction.atomic(durable=True)
def claim() -> Message | None:
    """Take the oldest sendable message under a lease, or return None."""
    now = clock.now()
    values = {"token": uuid.uuid4(), "until": now + LEASE, "now": now}
    return next(iter(Message.objects.raw(_CLAIM, values)), None)


def attempt(message: Message, transport: Transport) -> Outcome | None:
    """Render and send one claimed message and mark the outcome; None if the lease was lost."""
    try:
        rendered = rendering.render(message)
    except Exception as error:
        log.error("message cannot be rendered", message=str(message.uid), error=words_of(error))
        return _finish(message, Outcome.CRASHED, words_of(error))
    try:
        transport.open()
    except Exception as error:
        return _finish(message, Outcome.RELAY_DOWN, words_of(error))
    if not hand_over(message, rendered):
        return None
    outcome, words = transport.send(rendered.mail)
    if outcome is Outcome.RELAY_DOWN:
        message.attempts -= 1  # nobody answered, so it was no attempt
    return _finish(message, outcome, words)


@transaction.atomic(durable=True)
def hand_over(message: Message, rendered: "rendering.Rendered") -> bool:
    """Confirm the lease and note that bytes are about to leave; False if the lease is gone."""
    now = clock.now()
    message.attempts += 1
    message.handed_at = now
    mine = Message.objects.filter(
        pk=message.pk, state=State.SENDING, lease_token=message.lease_token, lease_until__gt=now
    )
    return (
        mine.update(
            handed_at=now,
            lease_until=now + LEASE,
            attempts=message.attempts,
            subject_line=rendered.subject,
            body=rendered.log_text,
            body_hash=rendered.digest,
        )
        == 1
    )


@transaction.atomic(durable=True)
def reap() -> int:
    """Settle messages whose lease ran out: queued again before the hand-over, else uncertain.

    Returns how many there were.
    """
    now = clock.now()
    left = Message.objects.filter(state=State.SENDING, lease_until__lte=now)
    messages = list(left.select_for_update(skip_locked=True)[:LIMIT])
    for message in messages:
        outcome = Outcome.NO_ANSWER if message.handed_at else Outcome.CRASHED
        _settle(message, outcome, WORKER_GONE, now)
    return len(messages)


def reconcile(accepted: Callable[[str], bool | None]) -> int:
    """Ask what became of uncertain messages that have been left quiet; return how many are known.

    `accepted` answers by Message-ID, None where nobody can say. Without evidence for a day a
    message stays on the list of those that a person settles.
    """
    asked = Message.objects.filter(state=State.UNCERTAIN, next_at__lte=clock.now())
    known = 0
    for message in asked.order_by("next_at", "id")[:LIMIT]:
        outcome = _evidence(message, accepted)
        with transaction.atomic(durable=True):
            _settle(message, outcome, message.last_error, clock.now())
        known += outcome is not Outcome.UNKNOWN
    return known


def _evidence(message: Message, accepted: Callable[[str], bool | None]) -> Outcome:
    try:
        took = accepted(message.message_id)
    except Exception as error:
        log.error("no evidence of a message", message=str(message.uid), error=words_of(error))
        return Outcome.UNKNOWN
    if took is None:
        return Outcome.UNKNOWN
    return Outcome.ACCEPTED if took else Outcome.LOST


def _finish(message: Message, outcome: Outcome, words: str) -> Outcome:
    """Mark how an attempt ended, if the lease is still ours; late but certain knowledge counts."""
    with transaction.atomic(durable=True):
        relay = breaker.broken(words) if outcome is Outcome.RELAY_DOWN else None
        _settle(message, outcome, words, clock.now(), relay.next_try_at if relay else None)
    return outcome


def _settle(
    message: Message, outcome: Outcome, words: str, now: datetime, next_at: datetime | None = None
) -> bool:
    """Write what follows from an outcome, unless somebody else has settled the message already."""
    since = message.created_at
    if outcome is Outcome.UNKNOWN and message.handed_at:
        since = message.handed_at
    step = after(outcome, Tally(message.attempts, message.strikes, now - since))
    mine = Message.objects.filter(
        pk=message.pk,
        state__in=[State.SENDING, State.UNCERTAIN],
        lease_token=message.lease_token,
    )
    return mine.update(**_values(message, step, words, next_at or _next(step, now), now)) == 1


def _values(
    message: Message, step: Step, words: str, next_at: datetime | None, now: datetime
) -> dict[str, Any]:
    sent = step.state is State.SENT
    late = message.state == State.UNCERTAIN  # learned afterwards: it left when it was handed over
    return {
        "state": step.state,
        "strikes": step.strikes,
        "attempts": message.attempts,
        "next_at": None if sent or step.state is State.FAILED else next_at,
        "lease_until": None,
        "lease_token": message.lease_token if step.state is State.UNCERTAIN else None,
        "sent_at": (message.handed_at if late else now) if sent else None,
        "last_error": "" if sent else words,
    }


def _next(step: Step, now: datetime) -> datetime | None:
    return None if step.wait is None else now + step.wait
