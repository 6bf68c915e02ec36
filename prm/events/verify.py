"""Check the tenant's chain against the rows, and write extracts that verify elsewhere."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, TextIO

from django.db.models import Exists, Func, OuterRef, TextField, Value
from django.db.models.functions import Cast, Coalesce

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


class _Instant(Func):
    """An instant spelt by the database the way digests want it; faster than row by row here."""

    template = """to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
    output_field = TextField()


def _text(path: str) -> Cast:
    return Cast(path, TextField())


_COLUMNS = (
    "number",
    "previous",
    "digest",
    _Instant("sealed_at"),
    _text("event__uid"),
    "event__code",
    "event__target_label",
    _text("event__target_uid"),
    Coalesce(_text("event__actor_uid"), Value("", TextField())),
    _Instant("event__at"),
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
        salt, private = row[12], row[13]
        kept = None if salt is None else bytes(salt)
        number, previous, digest, sealed_at = row[:4]
        yield Link(number, previous, digest, sealed_at, EventFacts(*row[4:12]), kept, private)


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
        shown = link if private else link._replace(salt=None, private=None)
        stream.write(dump(shown) + "\n")
    last = Event.objects.filter(seal__number=top.number).first()
    if last is not None:
        data = {"head": top.digest, "links": top.number, "private": private}
        record(EXPORTED, target=last, actor=actor, data=data)
    return top.number
