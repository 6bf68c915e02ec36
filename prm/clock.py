"""The only clock: the database's time plus the demo's offset, in UTC.

Read once per transaction and constant in it; outside a transaction once per request or task.
Sessions, TOTP and rate limits stay on real time.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from threading import local
from typing import cast
from zoneinfo import ZoneInfo

from prm.tenancy.database import connection

_READ = "SELECT now(), coalesce((SELECT shift FROM public.installation_clock WHERE id = 1), interval '0')"


@dataclass(slots=True)
class _Reading:
    serial: int
    at: datetime


class _State(local):
    transaction: _Reading | None = None
    scope: list[datetime | None] | None = None
    away: timedelta = timedelta()


_state = _State()


def now() -> datetime:
    """Return the current instant (aware, UTC): database time plus the demo's offset."""
    if connection.in_atomic_block:
        serial = _serial()
        reading = _state.transaction
        if reading is None or reading.serial != serial:
            reading = _state.transaction = _Reading(serial, _read())
        return reading.at
    if _state.scope is None:
        return _read()
    if _state.scope[-1] is None:
        _state.scope[-1] = _read()
    return cast(datetime, _state.scope[-1])


def today(zone: str | ZoneInfo) -> date:
    """Return today's date in a time zone (name or ZoneInfo)."""
    return now().astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone).date()


@contextmanager
def scope() -> Iterator[None]:
    """Within it, `now()` outside a transaction is read once; a request or a task opens one."""
    outer = _state.scope
    _state.scope = [None]
    try:
        yield
    finally:
        _state.scope = outer


def shift() -> timedelta:
    """Return the demo's offset from real time; zero outside a demo."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT shift FROM public.installation_clock WHERE id = 1")
        row = cursor.fetchone()
    return cast(timedelta, row[0]) if row else timedelta()


def advance(by: timedelta) -> None:
    """Move the installation's clock; demo and tests only. Forgets every reading."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO public.installation_clock (id, shift) VALUES (1, %s) "
            "ON CONFLICT (id) DO UPDATE SET shift = installation_clock.shift + EXCLUDED.shift",
            [by],
        )
    forget()


@contextmanager
def elsewhere() -> Iterator[Callable[[datetime], None]]:
    """Within it, this thread alone lives at the instants that the yielded function sets; for seeds."""

    def go(to: datetime) -> None:
        _state.away += to - _read()
        forget()

    try:
        yield go
    finally:
        _state.away = timedelta()
        forget()


def forget() -> None:
    """Drop cached readings; the next `now()` asks the database."""
    _state.transaction = None
    if _state.scope is not None:
        _state.scope[-1] = None


def _serial() -> int:
    return cast(int, getattr(connection, "transaction_serial", 0))


def _read() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute(_READ)
        at, offset = cursor.fetchone()
    return cast(datetime, (at + offset).astimezone(UTC)) + _state.away
