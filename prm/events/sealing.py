"""Chain committed events: one sealer per tenant at a time, numbers without a gap."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from prm import clock, locks
from prm.events.extract import GENESIS, instant, seal_digest
from prm.events.models import Event, PendingSeal, Seal

BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Head:
    """The newest link: what is mailed and printed as the anchor outside."""

    number: int
    digest: str
    sealed_at: datetime | None


def head() -> Head:
    """Return the newest link of the tenant's chain; number 0 and 64 zeros before the first."""
    seal = Seal.objects.order_by("-number").first()
    return Head(seal.number, seal.digest, seal.sealed_at) if seal else Head(0, GENESIS, None)


def seal_pending(limit: int | None = None) -> int:
    """Chain committed events that have no seal yet, oldest first; return how many.

    Works in batches of one transaction each. Returns at once when another sealer of the tenant is
    at work: that one will see the same rows, or the next tick does.
    """
    total = 0
    while limit is None or total < limit:
        size = BATCH if limit is None else min(BATCH, limit - total)
        done = _seal_batch(size)
        total += done
        if done < size:
            break
    return total


@transaction.atomic
def _seal_batch(size: int) -> int:
    """Seal at most `size` events in one transaction. The lock is held until the commit."""
    if not _only_sealer():
        return 0
    waiting = list(
        PendingSeal.objects.order_by("event_id").values_list("event_id", flat=True)[:size]
    )
    if not waiting:
        return 0
    events = Event.objects.in_bulk(waiting)
    Seal.objects.bulk_create(_links([events[pk] for pk in waiting]))
    PendingSeal.objects.filter(event_id__in=waiting).delete()
    return len(waiting)


def _links(events: Sequence[Event]) -> list[Seal]:
    newest, now = head(), clock.now()
    number, previous, sealed_at = newest.number, newest.digest, instant(now)
    links = []
    for event in events:
        number += 1
        digest = seal_digest(number, previous, event.facts().digest(), sealed_at)
        links.append(
            Seal(number=number, event=event, previous=previous, digest=digest, sealed_at=now)
        )
        previous = digest
    return links


def _only_sealer() -> bool:
    """Take the tenant's sealing lock until the end of the transaction, without waiting."""
    [number] = locks.numbers(["prm.events.seal"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        (taken,) = cursor.fetchone()
    return bool(taken)
