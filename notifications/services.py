"""Tell people things, take back what has not left, and settle mails that nobody knows about."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import Q
from django.utils import translation
from django.utils.functional import Promise
from kombu.exceptions import OperationalError

from notifications import kinds
from notifications.enums import MessageState, NoticeState, Urgency
from notifications.models import Message, Notice
from notifications.payload import freeze
from notifications.policies import can_settle
from notifications.tasks import deliver
from notifications.transitions import check
from prm import clock, events, portal
from prm.access import require
from prm.tenancy import context as tenancy
from users.models import User

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Address:
    """Somebody who is told something without signing in here; empty means as the portal does."""

    email: str
    name: str = ""
    language: str = ""
    zone: str = ""


@transaction.atomic(savepoint=False)  # a mistake here is the caller's, and takes its work along
def notify(
    kind: str,
    *,
    recipients: Iterable[User | Address],
    subject: models.Model,
    key: str,
    context: Mapping[str, Any],
    not_before: datetime | None = None,
    reason: str | Promise = "",
    title: str = "",
) -> list[Notice]:
    """Store what people must be told, in the caller's transaction; return the notices.

    Once per key and address, however often it is called; a notice that was taken back can be given
    again. `subject` is the record it is about (needs `uid`). `context` holds texts, numbers, dates,
    Money, and under "links" uids of action links by name. Lazy texts are spelt in each recipient's
    language. `not_before` holds it back. What is urgent and due leaves as soon as the transaction
    commits; the rest with the next tick. People who can no longer sign in are left out.
    Raises UnknownKind, NotPlain.
    """
    registered = kinds.get(kind)
    now = clock.now()
    at = now if not_before is None else max(now, not_before)
    drafts: dict[str, Notice] = {}
    for recipient in recipients:
        if isinstance(recipient, User) and not recipient.is_active and not registered.account:
            continue
        notice = _addressed(recipient)
        with translation.override(notice.language):
            notice.context, notice.reason = freeze(dict(context)), str(reason)[:200]
        notice.kind, notice.key, notice.not_before, notice.created_at = kind, key, at, now
        notice.subject_label = subject._meta.label_lower
        notice.subject_uid = subject.uid  # type: ignore[attr-defined]
        notice.subject_title = (title or str(subject))[:200]
        drafts[notice.email] = notice
    Notice.objects.bulk_create([drafts[e] for e in sorted(drafts)], ignore_conflicts=True)
    if at <= now and registered.urgency == Urgency.NOW:
        ring()
    stored = Notice.objects.filter(key=key, email__in=drafts).exclude(state=NoticeState.CANCELLED)
    return list(stored.order_by("id"))


@transaction.atomic
def cancel(
    *,
    key_prefix: str = "",
    subject: models.Model | None = None,
    kinds: Iterable[str] = (),
    reason: str = "",
) -> int:
    """Take back what has not left: an undone decision was never made. Returns how many notices.

    Chosen by the beginning of their key, by the record they are about, or both; `kinds` narrows it.
    What a worker is sending, or has sent, stays.
    """
    return _withdraw(_chosen(key_prefix, subject, kinds), NoticeState.CANCELLED, reason)


@transaction.atomic
def supersede(
    *,
    reason: str,
    key_prefix: str = "",
    subject: models.Model | None = None,
    kinds: Iterable[str] = (),
) -> int:
    """As `cancel`, but the same key is not told again: events have overtaken it."""
    return _withdraw(_chosen(key_prefix, subject, kinds), NoticeState.SUPERSEDED, reason)


@transaction.atomic
def confirm_arrived(message: Message, *, actor: User) -> Message:
    """Settle an uncertain mail as sent, because a person knows that it arrived.

    Records message.confirmed. Raises PermissionDenied, MoveRefused.
    """
    require(can_settle(actor))
    message = Message.objects.select_for_update().get(pk=message.pk)
    check(message.state, MessageState.SENT)
    message.state, message.sent_at = MessageState.SENT, message.handed_at
    _release(message, next_at=None)
    events.record("message.confirmed", target=message, actor=actor)
    return message


@transaction.atomic
def send_again(message: Message, *, actor: User) -> Message:
    """Queue an uncertain or failed mail again, under the same Message-ID and with a clean slate.

    Records message.requeued. Raises PermissionDenied, MoveRefused.
    """
    require(can_settle(actor))
    message = Message.objects.select_for_update().get(pk=message.pk)
    check(message.state, MessageState.QUEUED)
    before = message.state
    message.state, message.strikes = MessageState.QUEUED, 0
    _release(message, next_at=clock.now())
    events.record("message.requeued", target=message, actor=actor, data={"from": before})
    ring()
    return message


def ring() -> None:
    """Have mails sent right after the commit; once per transaction. The tick stands behind it."""
    bell = _Doorbell(tenancy.schema())
    if not any(waiting[1] == bell for waiting in connection.run_on_commit):
        transaction.on_commit(bell)


@dataclass(frozen=True, slots=True)
class _Doorbell:
    """Queues a delivery. A broker that is down is logged; it never undoes the caller's work."""

    schema: str

    def __call__(self) -> None:
        try:
            deliver.apply_async(schema=self.schema, retry=False)
        except OperationalError:
            log.warning("doorbell not heard; the tick will find the mail")


def _addressed(recipient: User | Address) -> Notice:
    """Return a draft with who it goes to, as that person is now."""
    person = recipient if isinstance(recipient, User) else None
    language = recipient.language or portal.current().language
    known = {code for code, _name in settings.LANGUAGES}
    return Notice(
        recipient=person,
        email=recipient.email.strip().lower(),
        name=recipient.name,
        language=language if language in known else settings.LANGUAGE_CODE,
        zone=_zone(recipient.zone),
    )


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ValueError, OSError, LookupError):
        return portal.current().zone


def _chosen(prefix: str, subject: models.Model | None, codes: Iterable[str]) -> Q:
    if not prefix and subject is None:
        raise ValueError("Say which notices: by key_prefix, by subject, or both.")
    chosen = Q(key__startswith=prefix) if prefix else Q()
    if subject is not None:
        chosen &= Q(subject_label=subject._meta.label_lower, subject_uid=subject.uid)  # type: ignore[attr-defined]
    codes = list(codes)
    return chosen & Q(kind__in=codes) if codes else chosen


def _withdraw(chosen: Q, state: NoticeState, reason: str) -> int:
    """Take back waiting notices, and bound ones whose mail is still queued; empty mails with them."""
    notices = list(Notice.objects.pending().filter(chosen).select_for_update().order_by("id"))
    ids = {notice.message_id for notice in notices if notice.message_id}
    queued = Message.objects.filter(pk__in=ids, state=MessageState.QUEUED)
    messages = {m.pk: m for m in queued.select_for_update().order_by("id")}
    gone = [n for n in notices if n.message_id is None or n.message_id in messages]
    Notice.objects.filter(pk__in=[n.pk for n in gone]).update(
        state=state, superseded_reason=reason[:200]
    )
    left = Notice.objects.filter(message__in=messages, state=NoticeState.BOUND)
    empty = messages.keys() - set(left.values_list("message_id", flat=True))
    Message.objects.filter(pk__in=empty).update(
        state=MessageState.SUPERSEDED, next_at=None, last_error=""
    )
    return len(gone)


def _release(message: Message, *, next_at: datetime | None) -> None:
    message.next_at, message.lease_token, message.last_error = next_at, None, ""
    message.save(
        update_fields=["state", "strikes", "sent_at", "next_at", "lease_token", "last_error"]
    )
