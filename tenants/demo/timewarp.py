"""Move the demo's clock, and do everything that falls due on the way."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.urls import get_urlconf, set_urlconf
from django.utils.translation import gettext_lazy as _

from notifications import delivery
from prm import clock, due, events
from prm.tenancy import context
from prm.tenancy.fanout import live_tenants
from tenants.demo import hurry

STEPS = {
    "hour": (timedelta(hours=1), _("+1 h")),
    "day": (timedelta(days=1), _("+1 day")),
    "fortnight": (timedelta(days=14), _("+14 days")),
}
_LONGEST = timedelta(days=1)
_MOVING = 7_410_002  # advisory key: one mover at a time
_ROUNDS = 20


class ClockBusy(Exception):
    """Somebody else is moving the clock at this moment."""


def move(by: timedelta) -> None:
    """Move the clock forward in steps of a day at most; after each, every live portal catches up.

    Raises ClockBusy.
    """
    with _alone(), hurry.transactions():
        left = by
        while left > timedelta():
            step = min(left, _LONGEST)
            clock.advance(step)
            catch_up()
            left -= step


def catch_up() -> None:
    """Bring every live portal up to date."""
    for schema in live_tenants():
        with context.entered(schema), clock.scope(), _its_addresses(schema):
            catch_up_here()


@contextmanager
def _its_addresses(schema: str) -> Iterator[None]:
    """Name pages as that portal does: the operators, who may move the clock, have other ones."""
    before = get_urlconf()
    is_ops = schema == settings.OPS_SCHEMA
    set_urlconf(settings.OPS_URLCONF if is_ops else settings.ROOT_URLCONF)
    try:
        yield
    finally:
        set_urlconf(before)


def catch_up_here() -> None:
    """Do in this process what beat and the workers would: due work, mails, the ledger's seals."""
    do_due_work()
    _until_done(delivery.deliver, delivery.LIMIT)
    events.seal_pending()


def do_due_work() -> None:
    """Run what is due in the active portal, and what falls due by that."""
    _until_done(due.drain, 1)


def _until_done(work: Callable[[], int], at_least: int) -> None:
    """Repeat while a round does much: what falls due may make more fall due."""
    for _round in range(_ROUNDS):
        if work() < at_least:
            return


@contextmanager
def _alone() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_MOVING])
        if not cursor.fetchone()[0]:
            raise ClockBusy
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_MOVING])
