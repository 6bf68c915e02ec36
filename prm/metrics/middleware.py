"""Counts answers, and answers /metrics on any host to whoever brings the token; to nobody without one."""

import time
from collections.abc import Callable, Iterable, Iterator

import redis
from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from prm.metrics import counters, gauges
from prm.tenancy.database import connection

PATH = "/metrics"
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
HELP = {
    "prm_portals": "Portals by state.",
    "prm_backlog_rows": "Rows of live portals that are due and not done.",
    "prm_backlog_oldest_seconds": "For how long the oldest of them has been due.",
    "prm_heartbeat_age_seconds": "Since a worker last did what beat asked for.",
    "prm_schema_check_age_seconds": "Since all schemas were last compared.",
    "prm_schemas_differing": "Schemas that were not as they should be.",
    "prm_database_connections": "Connections to the database.",
    "prm_database_bytes": "Size of the database.",
    "prm_queue_jobs": "Jobs that wait for a worker.",
}


class MetricsMiddleware:
    """In use only where PRM_METRICS_TOKEN is set."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.METRICS_TOKEN:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the scraper; count everybody else's answer and pass it on."""
        if request.path_info == PATH and _may_read(request):
            return HttpResponse("\n".join(lines()) + "\n", content_type=CONTENT_TYPE)
        began = time.perf_counter()
        response = self.get_response(request)
        counters.count(response.status_code, time.perf_counter() - began)
        return response


def _may_read(request: HttpRequest) -> bool:
    """Whoever lacks the token gets what any unknown address gives; the address itself is no secret."""
    sent = request.headers.get("Authorization", "")
    return request.method == "GET" and constant_time_compare(
        sent, f"Bearer {settings.METRICS_TOKEN}"
    )


def lines() -> Iterator[str]:
    """Yield the text of a scrape; a part that cannot be read is missing, and `prm_up` says so."""
    yield from _part("database", lambda: _gauges(gauges.samples()))
    yield from _part("redis", _redis)


def _part(name: str, read: Callable[[], Iterator[str]]) -> Iterator[str]:
    try:
        connection.set_schema_to_public()
        yield from list(read())
    except (redis.RedisError, DatabaseError):
        yield f'prm_up{{part="{name}"}} 0'
    else:
        yield f'prm_up{{part="{name}"}} 1'


def _redis() -> Iterator[str]:
    yield from _gauges([("prm_queue_jobs", {}, counters.queued())])
    yield from _requests(counters.totals())


def _gauges(samples: Iterable[gauges.Sample]) -> Iterator[str]:
    told: set[str] = set()
    for name, labels, value in samples:
        if name not in told:
            told.add(name)
            yield f"# HELP {name} {HELP[name]}"
            yield f"# TYPE {name} gauge"
        text = ",".join(f'{key}="{label}"' for key, label in labels.items())
        yield f"{name}{{{text}}} {value:g}" if text else f"{name} {value:.15g}"


def _requests(totals: dict[str, int]) -> Iterator[str]:
    statuses = {name[7:]: n for name, n in sorted(totals.items()) if name.startswith("status ")}
    yield "# HELP prm_requests_total Answers by class of status."
    yield "# TYPE prm_requests_total counter"
    for status, number in statuses.items():
        yield f'prm_requests_total{{status="{status}"}} {number}'
    number = sum(statuses.values())
    yield "# HELP prm_request_seconds Time from request to answer in the web process."
    yield "# TYPE prm_request_seconds histogram"
    for limit in counters.BUCKETS:
        yield f'prm_request_seconds_bucket{{le="{limit:g}"}} {totals.get(f"bucket {limit:g}", 0)}'
    yield f'prm_request_seconds_bucket{{le="+Inf"}} {number}'
    yield f"prm_request_seconds_sum {totals.get('microseconds', 0) / 1_000_000:.6f}"
    yield f"prm_request_seconds_count {number}"
