"""Leave a dead relay alone: after a failed connection one worker tries again, after a growing pause.

What counts is that nobody answers. A relay that answers, even with refusals, is alive.
"""

from django.db import transaction

from notifications.models import Relay
from notifications.transitions import pause
from prm import clock


@transaction.atomic
def admits() -> bool:
    """Return whether sending may be tried; of many workers one gets the try after a pause."""
    now = clock.now()
    relay = Relay.objects.filter(pk=1, failures__gt=0).first()
    if relay is None:
        return True
    next_try = now + pause(relay.failures + 1)
    return (
        Relay.objects.filter(pk=1, failures__gt=0, next_try_at__lte=now).update(
            next_try_at=next_try
        )
        == 1
    )


@transaction.atomic
def broken(words: str) -> Relay:
    """Note that nobody answered; return until when to leave it alone."""
    now = clock.now()
    Relay.objects.bulk_create([Relay(pk=1, next_try_at=now, since=now)], ignore_conflicts=True)
    relay = Relay.objects.select_for_update().get(pk=1)
    relay.since = relay.since if relay.failures else now
    relay.failures += 1
    relay.next_try_at = now + pause(relay.failures)
    relay.last_error = words
    relay.save()
    return relay


def mended() -> None:
    """Note that the relay answered."""
    Relay.objects.filter(pk=1, failures__gt=0).update(failures=0, last_error="")


def trouble() -> Relay | None:
    """Return the relay's row while nobody answers, for the message log; else None."""
    return Relay.objects.filter(pk=1, failures__gt=0).first()
