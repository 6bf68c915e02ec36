"""The events of written deals, chained and sealed as the sealer would have done."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks.deals import Deal
from benchmarks.loading import copy
from benchmarks.writing import Written
from prm.events.extract import EventFacts, canonical, commitment, instant, seal_digest
from prm.events.models import Event, EventDetail, Seal
from prm.events.sealing import head, seal_pending
from registrations.enums import State
from registrations.models import Registration

if TYPE_CHECKING:
    import uuid

    from benchmarks.generator import World

_DECIDED = {State.APPROVED: "approved", State.CLOSED: "approved", State.REJECTED: "rejected"}


class Happened(NamedTuple):
    """One event before it is written; `by` None is the system."""

    at: datetime
    code: str
    one: Written
    by: int | None


def write(world: "World", written: Sequence[Written]) -> None:
    """Write every deal's events in order of time, with private parts and seals behind the chain so far."""
    seal_pending()
    newest = head()
    first = (Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    label = Registration._meta.label_lower
    events: list[Sequence[Any]] = []
    details: list[Sequence[Any]] = []
    seals: list[Sequence[Any]] = []
    number, previous = newest.number, newest.digest
    sealed_at = instant(world.now)
    for pk, happened in enumerate(sorted(_all(world, written), key=lambda h: h.at), start=first):
        salt = world.chance.randbytes(32)
        private = _private(happened)
        actor: uuid.UUID | None = world.users[happened.by - 1] if happened.by else None
        data = _data(happened)
        promise = commitment(salt, private) if private else ""
        uid, target = world.uid(), happened.one.uid
        facts = EventFacts(
            str(uid), happened.code, label, str(target), str(actor or ""), instant(happened.at), data, promise
        )  # fmt: skip
        events.append(
            (pk, uid, happened.code, label, target, actor, happened.at, canonical(data), promise)
        )
        if private:
            details.append((pk, salt, canonical(private), []))
        number += 1
        digest = seal_digest(number, previous, facts.digest(), sealed_at)
        seals.append((number, pk, previous, digest, world.now))
        previous = digest
    copy(Event, ("id", "uid", "code", "target_label", "target_uid", "actor_uid", "at", "data", "commitment"), events)  # fmt: skip
    copy(EventDetail, ("event_id", "salt", "private", "persons"), details)
    copy(Seal, ("number", "event_id", "previous", "digest", "sealed_at"), seals)


def _all(world: "World", written: Sequence[Written]) -> Iterator[Happened]:
    for one in written:
        yield from (Happened(at, f"registration.{code}", one, by) for at, code, by in _life(world, one.deal))  # fmt: skip


def _life(world: "World", deal: Deal) -> Iterator[tuple[datetime, str, int | None]]:
    yield deal.started, "started", deal.owner
    if not deal.submitted:
        return
    yield deal.submitted, "submitted", deal.owner
    if deal.state == State.WITHDRAWN:
        yield deal.changed, "withdrawn", deal.owner
    if deal.decided:
        yield deal.decided, _DECIDED[deal.state], world.referee
    if deal.closed:
        yield deal.closed, "closed", None if deal.close_code == "EXPIRED" else deal.owner


def _data(happened: Happened) -> dict[str, Any]:
    deal = happened.one.deal
    if happened.code == "registration.submitted":
        return {"number": deal.ledger, "rules": 1}
    if happened.code == "registration.closed":
        return {"code": str(deal.close_code)}
    return {}


def _private(happened: Happened) -> dict[str, Any]:
    one = happened.one
    if happened.code != "registration.submitted":
        return {}
    return {
        "company_name": one.name,
        "website": one.website,
        "country": one.country,
        "value": str(one.value),
        "currency": "USD",
    }
