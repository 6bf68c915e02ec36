"""Pages that people open all day, over real HTTP: how long they take, how many queries they cost.

Home per role, the report of open deals by company, the queue of decisions, the search.
"""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks import database, generator, server
from benchmarks.client import Browser, sign_in
from benchmarks.figures import Figure, machine, median, quantile

HOST = f"{database.TENANT}.localhost"
HOME, REPORT = "/", "/reports/companies/"
WHO = {
    "seller": generator.SELLER,
    "referee": generator.REFEREE,
    "administrator": generator.ADMINISTRATOR,
    "analyst": generator.ANALYST,
}
# Every request asks for another page or order, so that no cache answers twice the same.
REPORTS = (
    *(f"{REPORT}?page={page}" for page in range(1, 8)),
    f"{REPORT}?sort=-deals",
    f"{REPORT}?sort=oldest",
    f"{REPORT}?state=QUEUED",
    f"{REPORT}?q=group",
    f"{REPORT}?country=DE&sort=-partners",
)
QUEUE = "/manage/registrations/"
QUEUES = (
    *(f"{QUEUE}?page={page}" for page in range(1, 8)),
    f"{QUEUE}?view=mine",
    f"{QUEUE}?view=unassigned",
    f"{QUEUE}?sort=-value",
    f"{QUEUE}?conflicts=open",
    f"{QUEUE}?q=mill",
)
SEARCHES = tuple(
    f"/manage/search/?q={word}" for word in ("mill", "robotics", "oak", "D-7", "harbor")
)
ROUNDS, EACH, WARM_UP = 5, 36, 24
MILLI = 1_000


def run(size: int, say: generator.Say) -> Iterator[Figure]:
    """Measure the pages at a size; yields the figures."""
    with database.copy_of(size, say) as name:
        cookies = {who: sign_in(database.TENANT, email) for who, email in WHO.items()}
        about = {"registrations": size, "postgresql": server.database_version()}
        pages = {**{f"home.{who}": (who, (HOME,), 12) for who in WHO}, "report": ("referee", REPORTS, 10),
                 "queue": ("referee", QUEUES, 10), "search": ("referee", SEARCHES, 12)}  # fmt: skip
        for figure, (who, paths, bar) in pages.items():
            most = max(_statements(cookies[who], path) for path in paths)
            yield Figure(f"{figure}.queries", most, "queries", bar, conditions=about)
        connection.close()
        with server.running(name) as web:
            for figure, (who, paths, _bar) in pages.items():
                say(figure)
                yield from _times(figure, Browser(web.port, HOST, cookies[who]), paths, about)


def _statements(cookie: str, path: str) -> int:
    """Count the statements of one page; those that only choose the schema are not among them."""
    client = Client(SERVER_NAME=HOST)
    client.cookies[settings.SESSION_COOKIE_NAME] = cookie.partition("=")[2]
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    every = [query["sql"] for query in captured.captured_queries]
    return sum(not sql.startswith("SET search_path") for sql in every)


def _times(
    name: str, browser: Browser, paths: tuple[str, ...], about: dict[str, Any]
) -> Iterator[Figure]:
    """One client, one request after another: medians of some rounds."""
    browser.in_turn(paths, WARM_UP)
    loads = [browser.in_turn(paths, EACH) for _ in range(ROUNDS)]
    about = {**about, **machine(), "clients": 1, "rounds": ROUNDS, "requests a round": EACH}
    for part, share, bar in (("p50", 0.5, None), ("p95", 0.95, 200)):
        value = median([quantile(load.latencies, share) for load in loads]) * MILLI
        yield Figure(f"{name}.{part}", value, "ms", bar, conditions=about)
    errors = sum(load.errors for load in loads)
    yield Figure(f"{name}.errors", errors, "answers", 0, conditions=about)
