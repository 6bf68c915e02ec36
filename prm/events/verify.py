"""Check the tenant's chain against the rows, and write extracts that verify elsewhere."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TextIO

from django.db.models import Exists, OuterRef

from prm import clock
from prm.events.extract import (
    FORMAT,
    GENESIS,
    Break,
    EventFacts,
    Link,
    Verdict,
    dump,
    instant,
    verify,
)
from prm.events.models import Event, EventDetail, PendingSeal, Seal
from prm.events.sealing import head as newest
from prm.events.services import record

if TYPE_CHECKING:
    from prm.access import Actor

CHUNK = 5_000
EXPORTED = "ledger.exported"
_COLUMNS = (
    "number",
    "previous",
    "digest",
    "sealed_at",
    "event__uid",
    "event__code",
    "event__target_label",
    "event__target_uid",
    "event__actor_uid",
    "event__at",
    "event__data",
    "event__commitment",
    "event__detail__salt",
    "event__detail__private",
)


def verify_tenant(*, head: str | None = None) -> Verdict:
    """Verify the active tenant's chain and return the verdict with the first break.

    Finds any edited, deleted, inserted or swapped row. A cut-off tail shows only against `head`, a
    digest known from outside. Reads every event once, in one pass.
    """
    verdict = verify(links(), head=head)
    if verdict.broken:
        return verdict
    stray = _stray_event() or _deleted_detail()
    if stray is None:
        return verdict
    return Verdict(verdict.count, verdict.head, stray)


def links(upto: int | None = None) -> Iterator[Link]:
    """Yield the stored chain in order, streamed from the database."""
    seals = Seal.objects.order_by("number")
    if upto is not None:
        seals = seals.filter(number__lte=upto)
    for row in seals.values_list(*_COLUMNS).iterator(chunk_size=CHUNK):
        yield _link(*row)


def _link(
    number: int, previous: str, digest: str, sealed_at: Any, uid: Any, code: str, target_label: str,
    target_uid: Any, actor_uid: Any, at: Any, data: Any, commitment: str, salt: Any, private: Any,
) -> Link:  # fmt: skip
    event = EventFacts(
        uid=str(uid),
        code=code,
        target_label=target_label,
        target_uid=str(target_uid),
        actor_uid=str(actor_uid) if actor_uid else "",
        at=instant(at),
        data=data,
        commitment=commitment,
    )
    kept = None if salt is None else bytes(salt)
    return Link(number, previous, digest, instant(sealed_at), event, kept, private)


def _stray_event() -> Break | None:
    """An event without a seal that nothing is going to seal was put there by hand."""
    stray = Event.objects.filter(
        ~Exists(Seal.objects.filter(event=OuterRef("pk"))),
        ~Exists(PendingSeal.objects.filter(event=OuterRef("pk"))),
    ).first()
    if stray is None:
        return None
    text = f"event {stray.uid} has no seal and waits for none"
    return Break(newest().number + 1, "inserted", text)


def _deleted_detail() -> Break | None:
    """A private part may be erased, which leaves its empty row; it may not vanish."""
    bare = Event.objects.exclude(commitment="").filter(
        ~Exists(EventDetail.objects.filter(event=OuterRef("pk")))
    )
    event = bare.select_related("seal").first()
    if event is None:
        return None
    seal: Seal | None = getattr(event, "seal", None)
    text = f"the private part of event {event.uid} was deleted, not erased"
    return Break(seal.number if seal else 0, "deleted", text)


def write_extract(stream: TextIO, *, actor: "Actor | None", private: bool = False) -> int:
    """Write the sealed chain as JSON lines that `extract.py` verifies offline; return the links.

    `private` includes what is not erased, with its salts. The export is itself recorded.
    """
    top = newest()
    header = {
        "format": FORMAT,
        "first": 1,
        "previous": GENESIS,
        "head": top.digest,
        "count": top.number,
        "written_at": instant(clock.now()),
    }
    stream.write(json.dumps(header) + "\n")
    for link in links(upto=top.number):
        shown = link if private else Link(*(getattr(link, name) for name in _PUBLIC))
        stream.write(dump(shown) + "\n")
    last = Event.objects.filter(seal__number=top.number).first()
    if last is not None:
        data = {"head": top.digest, "links": top.number, "private": private}
        record(EXPORTED, target=last, actor=actor, data=data)
    return top.number


_PUBLIC = ("number", "previous", "digest", "sealed_at", "event")
