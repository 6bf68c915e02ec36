"""Requests by class of answer and by duration, counted in each web process and added up in Redis.

A scrape reaches one of several processes, so what one of them knows is not enough. Each hands its
numbers over every few seconds; a process that is killed takes at most those with it.
"""

import time
from collections import Counter
from functools import cache
from typing import cast

import redis
import structlog
from django.conf import settings

KEY = "prm:metrics:requests"
BUCKETS = (0.05, 0.1, 0.2, 0.5, 1.0, 5.0)
"""Upper limits in seconds; the last one Prometheus wants, +Inf, is the count."""
HAND_OVER_SECONDS = 5.0
log = structlog.get_logger(__name__)
_pending: Counter[str] = Counter()
_handed_over = time.monotonic()


def count(status: int, seconds: float) -> None:
    """Count one answer; hands over to Redis when the last time is long enough ago."""
    _pending[f"status {status // 100}xx"] += 1
    _pending["microseconds"] += round(seconds * 1_000_000)
    for limit in BUCKETS:
        if seconds <= limit:
            _pending[f"bucket {limit:g}"] += 1
    if time.monotonic() - _handed_over >= HAND_OVER_SECONDS:
        hand_over()


def hand_over() -> None:
    """Add this process's numbers to the installation's; without Redis they wait here."""
    global _handed_over
    _handed_over = time.monotonic()
    if not _pending:
        return
    taken = dict(_pending)
    _pending.clear()
    try:
        with server().pipeline(transaction=True) as pipe:
            for name, number in taken.items():
                pipe.hincrby(KEY, name, number)
            pipe.execute()
    except redis.RedisError:
        _pending.update(taken)
        log.warning("requests are counted here only: no Redis")


def totals() -> dict[str, int]:
    """Return the installation's numbers; raises redis.RedisError."""
    hand_over()
    found = cast("dict[bytes, bytes]", server().hgetall(KEY))
    return {name.decode(): int(number) for name, number in found.items()}


def queued() -> int:
    """Return how many jobs wait for a worker; raises redis.RedisError."""
    return server().llen("celery")


@cache
def server() -> "redis.Redis":
    """The process's connection to Redis; short timeouts, because a request waits for it."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)
