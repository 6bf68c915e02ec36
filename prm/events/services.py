"""Record what happened, and erase what must be forgotten. The only writer of events."""

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models, transaction
from django.dispatch import Signal

from prm import clock
from prm.access import acted_by
from prm.events.extract import NotCanonical, canonical, commitment
from prm.events.models import Event, EventDetail, uid_of
from prm.installation.models import Erasure
from prm.tenancy import context

if TYPE_CHECKING:
    from prm.access import Actor

SALT_BYTES = 32
ERASED = "ledger.erased"
ACTED_BY = (
    "acted_by"  # in the chained data: the uid of the member of the staff who acted for the actor
)
_CODE = re.compile(r"[a-z][a-z0-9_-]*(\.[a-z][a-z0-9_-]*)+")
_ID_OR_CODE = re.compile(r"[\w.:+/,#%-]{0,200}")

event_recorded = Signal()
"""Sent inside the transaction with `event`; the one signal of the portal, for integrations."""


class NotACode(ValueError):
    """Chained data may hold ids and codes only; words and addresses belong in `private`."""


def record(
    code: str,
    *,
    target: models.Model,
    actor: "Actor | None",
    data: Mapping[str, Any] | None = None,
    private: Mapping[str, Any] | None = None,
    persons: Iterable[UUID] = (),
) -> Event:
    """Record one event in the caller's transaction and return it.

    `data` is chained for ever: ids, codes, numbers and dates as text. `private` holds names, texts
    and addresses; only a salted commitment to it is chained, so it can be erased. `persons` are the
    uids of people, besides the target, whom `private` is about. `actor` None is the system itself;
    who acts for the actor is chained in `data` under `acted_by`, which is no caller's to set.
    Raises NotACode for words in `data`, NotCanonical for floats and other values without one form.
    """
    event, detail = _made(code, target, actor, data, private, persons)
    with transaction.atomic(savepoint=False):
        event.at = clock.now()
        _insert(event, detail)
        event_recorded.send(sender=Event, event=event)
    return event


@dataclass(frozen=True, slots=True)
class Happened:
    """One event of many; the fields are `record`'s."""

    code: str
    target: models.Model
    data: Mapping[str, Any]
    private: Mapping[str, Any]


def record_all(happened: Iterable[Happened], *, actor: "Actor | None") -> int:
    """Record many events of one actor in the caller's transaction; return how many.

    Like `record` for each, without waiting for the database once per event: for loads of lists.
    """
    made = [_made(one.code, one.target, actor, one.data, one.private, ()) for one in happened]
    if not made:
        return 0
    with transaction.atomic(savepoint=False):
        now = clock.now()
        for event, _detail in made:
            event.at = now
        with connection.cursor() as cursor:
            cursor.executemany(_INSERT, [_values(event, detail) for event, detail in made])
        if event_recorded.has_listeners(Event):
            for event in Event.objects.filter(uid__in=[event.uid for event, _detail in made]):
                event_recorded.send(sender=Event, event=event)
    return len(made)


def _made(
    code: str,
    target: models.Model,
    actor: "Actor | None",
    data: Mapping[str, Any] | None,
    private: Mapping[str, Any] | None,
    persons: Iterable[UUID],
) -> tuple[Event, EventDetail]:
    """Return an event and its private part, checked and not stored yet."""
    if not _CODE.fullmatch(code):
        raise NotACode(f"{code!r} is not an event code like “room.happened”.")
    chained = _plain(data or {})
    if ACTED_BY in chained:
        raise NotACode(f"{ACTED_BY} is written by the ledger.")
    if (behind := acted_by(actor)) is not None:
        chained[ACTED_BY] = str(behind.uid)
    canonical(chained)
    _refuse_words(chained, "data")
    hidden = _plain(private or {})
    salt = secrets.token_bytes(SALT_BYTES)
    event = Event(
        code=code,
        target_label=target._meta.label_lower,
        target_uid=uid_of(target),
        actor_uid=actor.uid if actor else None,
        data=chained,
        commitment=commitment(salt, hidden) if hidden else "",
    )
    return event, EventDetail(salt=salt, private=hidden, persons=list(persons))


_INSERT = """
WITH event AS (
    INSERT INTO prm_event (uid, code, target_label, target_uid, actor_uid, at, data, commitment)
    VALUES (%s, %s, %s, %s, %s, %s, %s::jsonb, %s) RETURNING id
), detail AS (
    INSERT INTO prm_event_detail (event_id, salt, private, persons)
    SELECT id, %s, %s::jsonb, %s::uuid[] FROM event WHERE %s
), pending AS (
    INSERT INTO prm_pending_seal (event_id) SELECT id FROM event
)
SELECT id FROM event
"""


def _insert(event: Event, detail: EventDetail) -> None:
    """Insert an event, its private part if it has one, and its place in the queue: one statement.

    Every write in the portal pays for its event; three inserts would be six round trips.
    """
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, _values(event, detail))
        (event.pk,) = cursor.fetchone()
    event._state.adding, event._state.db = False, connection.alias


def _values(event: Event, detail: EventDetail) -> list[Any]:
    """Return what `_INSERT` wants."""
    values: list[Any] = [event.uid, event.code, event.target_label, event.target_uid]
    values += [event.actor_uid, event.at, canonical(event.data), event.commitment]
    return [*values, detail.salt, canonical(detail.private), detail.persons, bool(detail.private)]


def digest_now(event: Event) -> str:
    """Return the event's digest, which its seal will cover: for receipts and acceptances.

    It tells a reader nothing about the event until the event itself is shown, because the event's
    random uid is part of it.
    """
    return event.facts().digest()


@transaction.atomic
def erase(subject: Event | models.Model, *, actor: "Actor | None") -> int:
    """Erase private parts for good, value and salt; return how many.

    An event loses its own; any other record (a person, a contact) loses those of its own events and
    of all that name it in `persons`. The chain still verifies. Records `ledger.erased`.
    """
    erased = _erase(subject)
    record(ERASED, target=subject, actor=actor, data={"events": erased})
    Erasure.objects.create(
        tenant_uid=context.current().uid,
        subject_label=subject._meta.label_lower,
        subject_uid=uid_of(subject),
        erased_at=clock.now(),
    )
    return erased


@transaction.atomic
def erase_again(*, since: datetime) -> int:
    """Erase in a restored tenant what was erased since an instant; return how many private parts.

    What the restored data does not know needs no erasing. Records `ledger.erased` for what it did.
    """
    total = 0
    known = Erasure.objects.filter(tenant_uid=context.current().uid, erased_at__gte=since)
    for label, uid in known.order_by("id").values_list("subject_label", "subject_uid"):
        subject = apps.get_model(label)._base_manager.filter(uid=uid).first()
        if subject is not None and (erased := _erase(subject)):
            record(ERASED, target=subject, actor=None, data={"events": erased})
            total += erased
    return total


def _erase(subject: Event | models.Model) -> int:
    details = EventDetail.objects.filter(erased_at__isnull=True)
    if isinstance(subject, Event):
        details = details.filter(event=subject)
    else:
        uid = uid_of(subject)
        details = details.filter(
            models.Q(event__target_uid=uid) | models.Q(persons__contains=[uid])
        )
    return details.update(salt=None, private=None, persons=[], erased_at=clock.now())


def _plain(value: Any) -> Any:
    """Turn enum members into their values, tuples into lists and any mapping into a dict."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return int(value)
    if isinstance(value, models.Model | UUID):
        raise NotCanonical(f"Write {value!r} as text: str(uid).")
    return value


def _refuse_words(value: Any, where: str) -> None:
    """Raise NotACode when chained data could hold a person's words, name or address."""
    if isinstance(value, dict):
        for key, item in value.items():
            _refuse_words(item, f"{where}.{key}")
    elif isinstance(value, list):
        for item in value:
            _refuse_words(item, where)
    elif isinstance(value, str) and not _ID_OR_CODE.fullmatch(value):
        raise NotACode(f"{where} holds text; only ids and codes are chained. Use `private`.")
