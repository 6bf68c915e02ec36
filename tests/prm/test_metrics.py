"""/metrics: numbers for who has the token, an unknown page for everybody else, and no names in it."""

import pytest
import redis
from django.core.exceptions import MiddlewareNotUsed
from django.db import OperationalError
from django.http import HttpResponse
from django.test import RequestFactory, override_settings

from prm import clock, due
from prm.metrics import counters, gauges, middleware
from prm.tenancy import context
from tenants import drift
from tests.conftest import PortalClient

TOKEN = "a-token-for-the-scraper"


@pytest.fixture(autouse=True)
def _empty():
    counters.server.cache_clear()
    counters._pending.clear()
    counters.server().delete(counters.KEY)
    yield
    counters._pending.clear()
    counters.server().delete(counters.KEY)
    counters.server.cache_clear()


@pytest.fixture
def scraped(db):
    """`scraped(status=200, token=...)` is the text for the token after one answer of that status."""

    def ask(token=TOKEN, path="/metrics", method="get", **settings):
        with override_settings(METRICS_TOKEN=TOKEN, **settings):
            layer = middleware.MetricsMiddleware(lambda request: HttpResponse("no", status=404))
            headers = {"HTTP_AUTHORIZATION": f"Bearer {token}"} if token else {}
            return layer(getattr(RequestFactory(), method)(path, **headers))

    return ask


def values(response):
    lines = [line for line in response.content.decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def test_without_a_token_in_the_environment_there_is_no_such_address(db, browse):
    with pytest.raises(MiddlewareNotUsed):
        middleware.MetricsMiddleware(lambda request: HttpResponse())
    assert browse().get("/metrics").status_code in {302, 404}


@pytest.mark.parametrize("token", ["", "wrong", TOKEN[:-1]])
def test_a_wrong_token_gets_what_any_unknown_address_gives(scraped, token):
    assert scraped(token).content == b"no"
    assert scraped(token, method="post").status_code == 404


def test_requests_are_added_up_over_processes(scraped):
    for path in ("/deals/", "/x/"):
        scraped(path=path)
    counters.hand_over()
    counters.count(200, 0.15)  # as another process would
    found = values(scraped())
    assert found['prm_requests_total{status="4xx"}'] == 2
    assert found['prm_requests_total{status="2xx"}'] == 1
    assert found['prm_request_seconds_bucket{le="0.1"}'] == 2
    assert found['prm_request_seconds_bucket{le="0.2"}'] == 3
    assert found['prm_request_seconds_bucket{le="+Inf"}'] == found["prm_request_seconds_count"] == 3
    assert found["prm_request_seconds_sum"] >= 0.15


def test_what_waits_is_counted_over_all_live_portals(scraped, travel):
    before = values(scraped())
    assert before['prm_portals{state="live"}'] == 3
    with context.entered("acme"):
        due.schedule("registrations.prod", "metrics", clock.now())
    travel(hours=2)
    found = values(scraped())
    assert found['prm_backlog_rows{kind="due"}'] == before['prm_backlog_rows{kind="due"}'] + 1
    assert found['prm_backlog_oldest_seconds{kind="due"}'] >= 7_200
    assert found["prm_queue_jobs"] >= 0
    assert found["prm_database_bytes"] > 1_000_000
    assert found["prm_database_connections"] >= 1
    assert found['prm_up{part="redis"}'] == 1


def test_without_the_database_the_rest_is_told(scraped, monkeypatch):
    def gone():
        raise OperationalError("gone")

    monkeypatch.setattr(gauges, "samples", gone)
    found = values(scraped())
    assert found['prm_up{part="database"}'] == 0
    assert found['prm_up{part="redis"}'] == 1


def test_nothing_names_a_portal_or_a_person(scraped):
    drift.check()
    text = scraped().content.decode().lower()
    assert "prm_schemas_differing 0" in text
    assert not [
        word for word in ("acme", "globex", "harbor", "pat", "localhost") if f'"{word}' in text
    ]


def test_without_redis_the_rest_is_told_and_counting_goes_on(scraped, monkeypatch):
    class Gone:
        def pipeline(self, **_):
            raise redis.ConnectionError("gone")

        def llen(self, _):
            raise redis.ConnectionError("gone")

    with monkeypatch.context() as without:
        without.setattr(counters, "server", Gone)
        counters.count(200, 0.01)
        counters.hand_over()
        assert counters._pending["status 2xx"] == 1
        found = values(scraped())
    assert found['prm_up{part="redis"}'] == 0
    assert 'prm_portals{state="live"}' in found


def test_a_process_hands_over_by_itself(monkeypatch):
    monkeypatch.setattr(counters, "HAND_OVER_SECONDS", 0)
    counters.count(503, 9)
    assert not counters._pending
    assert counters.totals() == {"status 5xx": 1, "microseconds": 9_000_000}


def test_a_portal_answers_with_the_middleware_in_front(db):
    with override_settings(METRICS_TOKEN=TOKEN):
        answer = PortalClient("acme").get("/metrics", HTTP_AUTHORIZATION=f"Bearer {TOKEN}")
        assert answer.status_code == 200
        assert answer["Content-Type"].startswith("text/plain; version=0.0.4")
        assert PortalClient("acme").get("/metrics").status_code in {302, 404}


def test_no_live_portal_is_no_backlog(db):
    assert gauges._waiting(gauges._backlogs["due"], [], clock.now()) == (0, None)
