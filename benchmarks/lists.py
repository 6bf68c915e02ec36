"""The partner's list of 80 deals, over real HTTP: how long, what it costs, how many a second."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks import database, generator, processes, server
from benchmarks.client import Browser, Load, sign_in
from benchmarks.figures import Figure, machine, median, quantile
from prm.ui.listpage import DEFAULT_SIZE

HOST = f"{database.TENANT}.localhost"
PATHS = tuple(f"/deals/?size=80&page={page}" for page in range(1, 21))
USUAL = tuple(f"/deals/?page={page}" for page in range(1, 21))
ROUNDS, EACH, WARM_UP = 5, 60, 40
CLIENTS, LOAD_ROUNDS, LOAD_EACH = (4, 8), 3, 30
MILLI = 1_000


def run(size: int, say: generator.Say) -> Iterator[Figure]:
    """Measure the list at a size; yields the figures."""
    with database.copy_of(size, say) as name:
        cookie = sign_in(database.TENANT, generator.SELLER)
        about = {"registrations": size, "own": size // 20, "rows": 80, "postgresql": server.database_version()}  # fmt: skip
        yield from _queries(cookie, about)
        connection.close()
        with server.running(name) as web:
            browser = Browser(web.port, HOST, cookie)
            browser.in_turn(PATHS, WARM_UP)
            browser.at_once(PATHS, clients=4, each=10)
            say("one client")
            yield from _alone(web, browser, about)
            say("several clients")
            yield from _together(browser, about)
            yield from _memory(web, about)


def _queries(cookie: str, about: dict[str, Any]) -> Iterator[Figure]:
    """Count the statements of one page at 10 and at 80 rows, those that only choose the schema apart."""
    ten, _ = _statements(cookie, "/deals/?size=10")
    eighty, schema = _statements(cookie, "/deals/?size=80")
    about = {**about, "schema statements": schema}
    yield Figure("list.queries", eighty, "queries", 10, conditions=about)
    yield Figure("list.queries.more_at_80_rows_than_at_10", eighty - ten, "queries", 0, conditions=about)  # fmt: skip


def _statements(cookie: str, path: str) -> tuple[int, int]:
    client = Client(SERVER_NAME=HOST)
    client.cookies[settings.SESSION_COOKIE_NAME] = cookie.partition("=")[2]
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    every = [query["sql"] for query in captured.captured_queries]
    schema = sum(sql.startswith("SET search_path") for sql in every)
    return len(every) - schema, schema


def _alone(web: server.Server, browser: Browser, about: dict[str, Any]) -> Iterator[Figure]:
    """One client, one request after another: medians of some rounds."""
    rounds = [_round(web, browser) for _ in range(ROUNDS)]
    loads = [load for load, _web, _database in rounds]
    about = {**about, **machine(), "clients": 1, "rounds": ROUNDS, "requests a round": EACH}
    about["kB a page"] = round(loads[0].bytes / EACH / 1024, 1)
    for name, share, bar in (("p50", 0.5, None), ("p75", 0.75, 80), ("p95", 0.95, 200)):
        value = median([quantile(load.latencies, share) for load in loads]) * MILLI
        yield Figure(f"list.{name}", value, "ms", bar, conditions=about)
    yield Figure("list.errors", sum(load.errors for load in loads), "answers", 0, conditions=about)
    web_spent = median([spent for _load, spent, _database in rounds])
    yield Figure("list.cpu.web", web_spent / EACH * MILLI, "ms of CPU a request", conditions=about)
    seen = [spent for _load, _web, spent in rounds if spent is not None]
    if seen:
        value = median(seen) / EACH * MILLI
        yield Figure("list.cpu.postgresql", value, "ms of CPU a request", conditions=about)


def _round(web: server.Server, browser: Browser) -> tuple[Load, float, float | None]:
    """Return the load of one round, and the CPU seconds that web and database spent on it."""
    workers, backends = [web.pid, *web.workers], web.backends
    before = processes.cpu(workers), processes.cpu(backends)
    load = browser.in_turn(PATHS, EACH)
    after = processes.cpu(workers), processes.cpu(backends)
    same = backends and backends == web.backends  # a renewed connection would hide what it spent
    return load, after[0] - before[0], after[1] - before[1] if same else None


def _together(browser: Browser, about: dict[str, Any]) -> Iterator[Figure]:
    """Several clients at once: pages of 80 rows, and pages as long as people get them unasked."""
    for clients in CLIENTS:
        yield _rate(f"list.rate.{clients}_clients", browser, PATHS, clients, None, about)
    usual = {**about, "rows": DEFAULT_SIZE}
    yield _rate("list.rate.usual_page.8_clients", browser, USUAL, 8, 120, usual)


def _rate(
    name: str, browser: Browser, paths: tuple[str, ...], clients: int, bar: int | None, about: dict[str, Any]
) -> Figure:  # fmt: skip
    loads = [browser.at_once(paths, clients=clients, each=LOAD_EACH) for _ in range(LOAD_ROUNDS)]
    here = {**about, **machine(), "clients": clients, "rounds": LOAD_ROUNDS, "client": "same machine"}  # fmt: skip
    here["p95 ms"] = round(median([quantile(one.latencies, 0.95) for one in loads]) * MILLI, 1)
    here["errors"] = sum(load.errors for load in loads)
    return Figure(name, median([load.rate for load in loads]), "requests/s", bar, "at least", here)


def _memory(web: server.Server, about: dict[str, Any]) -> Iterator[Figure]:
    workers = [pid for pid in web.workers if processes.resident(pid) > 30]
    most = max(workers, key=processes.resident)
    about = {**about, "workers": len(workers), "after": "the load above"}
    yield Figure("memory.web_worker.rss", processes.resident(most), "MiB", conditions=about)
    yield Figure("memory.web_worker.private", processes.own(most), "MiB", conditions=about)
