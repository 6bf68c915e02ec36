"""Bind what is due into messages: one mail for one person's routine notices, one each for the rest.

Binding happens just before sending, so what was said in the meantime can still be taken back, and
several reminders that one sweep of due work causes become one mail.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from email.utils import parseaddr
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from notifications import kinds
from notifications.enums import NoticeState, Overtaken, Urgency
from notifications.models import Message, Notice
from prm import clock
from prm.due.models import DueRow
from prm.locks import Busy, hold

MOST_IN_ONE_MAIL = 20
BATCH = 1_000
PATIENCE = timedelta(minutes=5)  # how long due work that is still running can hold routine notices


def bind() -> int:
    """Bind due notices of the active tenant; return how many were dealt with.

    One binder at a time per tenant, so one person's notices meet in one mail. Returns 0 when
    another one is at it.
    """
    try:
        return _bind()
    except Busy:
        return 0


@transaction.atomic(durable=True)
def _bind() -> int:
    hold("notifications.bind")
    now = clock.now()
    due = _due(now)
    kept = _overtake(due)
    groups = grouped(kept)
    messages = [_message(group[0], now) for group in groups]
    Message.objects.bulk_create(messages)
    for message, group in zip(messages, groups, strict=True):
        for notice in group:
            notice.state, notice.message = NoticeState.BOUND, message
    Notice.objects.bulk_update(due, ["state", "message", "superseded_reason"])
    return len(due)


def _due(now: datetime) -> list[Notice]:
    """Return locked notices that may be said now; routine ones once no due work is outstanding."""
    found = Notice.objects.due(now).select_related("recipient")
    if DueRow.objects.filter(due_at__lte=now, parked_at=None).exists():
        routine = [k.code for k in kinds.registered() if k.urgency == Urgency.ROUTINE]
        found = found.exclude(kind__in=routine, not_before__gt=now - PATIENCE)
    return list(found.select_for_update(skip_locked=True, of=("self",))[:BATCH])


def _overtake(due: Sequence[Notice]) -> list[Notice]:
    """Mark what need not be said any more; return the rest."""
    covered = said_already(due, _covering(due))
    stale = outdated(due)
    kept = []
    for notice in due:
        person = notice.recipient
        if person is not None and not person.is_active and not kinds.lookup(notice.kind).account:
            notice.superseded_reason = Overtaken.LEFT
        elif notice.pk in covered:
            notice.superseded_reason = Overtaken.COVERED
        elif notice.pk in stale:
            notice.superseded_reason = Overtaken.NEWER
        else:
            kept.append(notice)
            continue
        notice.state = NoticeState.SUPERSEDED
    return kept


def _covering(due: Iterable[Notice]) -> list[Notice]:
    """Return pending notices that may cover one of these: same record, same person."""
    wanted = {code: kinds.covering(code) for code in {notice.kind for notice in due}}
    covered = [notice for notice in due if wanted[notice.kind]]
    if not covered:
        return []
    days = [notice.not_before for notice in covered]
    return list(
        Notice.objects.pending().filter(
            kind__in=frozenset().union(*wanted.values()),
            subject_uid__in={notice.subject_uid for notice in covered},
            email__in={notice.email for notice in covered},
            not_before__range=(min(days) - timedelta(days=1), max(days) + timedelta(days=1)),
        )
    )


def said_already(due: Iterable[Notice], others: Iterable[Notice]) -> set[int]:
    """Return the ids of notices that another one makes needless on their local day."""
    said: dict[tuple[uuid.UUID, str, date], set[str]] = defaultdict(set)
    for other in others:
        said[(other.subject_uid, other.email, local_day(other))].add(other.kind)
    return {
        notice.pk
        for notice in due
        if said[(notice.subject_uid, notice.email, local_day(notice))] & kinds.covering(notice.kind)
    }


def outdated(due: Iterable[Notice]) -> set[int]:
    """Return the ids of stacked reminders: all but the newest of one kind, record and person."""
    stacks: dict[tuple[str, uuid.UUID, str], list[Notice]] = defaultdict(list)
    for notice in due:
        if kinds.lookup(notice.kind).newest_only:
            stacks[(notice.kind, notice.subject_uid, notice.email)].append(notice)
    old: set[int] = set()
    for stack in stacks.values():
        stack.sort(key=lambda notice: (notice.not_before, notice.pk))
        old.update(notice.pk for notice in stack[:-1])
    return old


def local_day(notice: Notice) -> date:
    """Return the day on which a notice is due where its recipient lives."""
    return notice.not_before.astimezone(ZoneInfo(notice.zone)).date()


def grouped(notices: Iterable[Notice]) -> list[list[Notice]]:
    """Return notices as they share mails: routine ones by person, every other one alone."""
    shared: dict[tuple[str, str, str], list[Notice]] = defaultdict(list)
    groups: list[list[Notice]] = []
    for notice in notices:
        kind = kinds.lookup(notice.kind)
        if kind.urgency == Urgency.NOW or kind.account:
            groups.append([notice])
        else:
            shared[(notice.email, notice.language, notice.zone)].append(notice)
    for together in shared.values():
        groups += [
            together[start : start + MOST_IN_ONE_MAIL]
            for start in range(0, len(together), MOST_IN_ONE_MAIL)
        ]
    return groups


def sender_address() -> str:
    """Return the bare address that mails come from."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def _message(notice: Notice, now: datetime) -> Message:
    return Message(
        message_id=f"<{uuid.uuid4().hex}@{sender_address().rpartition('@')[2]}>",
        to=notice.email,
        to_name=notice.name,
        language=notice.language,
        zone=notice.zone,
        account=kinds.lookup(notice.kind).account,
        next_at=now,
        created_at=now,
    )
