"""What the console says of the installation and of each portal."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from redis import RedisError

from notifications.models import Message
from prm import clock, due
from prm.due.models import DueRow
from prm.installation.tasks import heartbeat
from prm.tenancy import context
from tenants import health, services, traces
from tenants.models import Tenant
from users.models import User

SCHEMAS = ["acme", "globex", "ops"]


def _trouble():
    """Acme has work that is due, work that is parked, and mails that nobody knows of."""
    now = clock.now()
    with context.entered("acme"):
        due.schedule("test", "late", now - timedelta(hours=2))
        due.schedule("test", "later", now - timedelta(hours=1))
        due.schedule("test", "not yet", now + timedelta(hours=1))
        due.schedule("test", "broken", now - timedelta(hours=3))
        DueRow.objects.filter(key="broken").update(parked_at=now)
        for number, state in enumerate(["FAILED", "UNCERTAIN", "UNCERTAIN", "QUEUED"]):
            Message.objects.create(
                message_id=f"<{number}@acme>", to="a@b.example", language="en", zone="UTC",
                state=state, next_at=now, handed_at=now,
            )  # fmt: skip
        User.objects.filter(email="pat@harbor.example").update(last_login=now)
    return now


def test_the_figures_are_each_portals_own(db):
    now = _trouble()
    found = health.of([*SCHEMAS, "nosuch"])
    acme, globex = found["acme"], found["globex"]
    assert (acme.backlog, acme.oldest_due, acme.parked) == (2, now - timedelta(hours=2), 1)
    assert (acme.failed_mails, acme.uncertain_mails, acme.queued_mails) == (1, 2, 1)
    assert acme.last_sign_in == now
    assert acme.size > 1_000_000
    assert set(acme.rows) == set(health.MAIN_TABLES)
    assert acme.in_trouble
    assert (globex.backlog, globex.parked, globex.failed_mails) == (0, 0, 0)
    assert not globex.in_trouble
    assert "nosuch" not in found


def test_estimates_follow_the_rows(db):
    with context.entered("acme"), connection.cursor() as cursor:
        cursor.execute("ANALYZE users_user")
        count = User.objects.count()
    assert health.of(["acme"])["acme"].rows["people"] == count


def test_more_portals_cost_no_more_statements(db, queries):
    health.of(SCHEMAS)  # reads the clock
    with queries() as one:
        health.of(["acme"])
    with queries() as three:
        health.of(SCHEMAS)
    assert len(one) == len(three) <= 4


def test_a_portal_that_lacks_a_table_is_named_and_the_others_are_read(db):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE globex.prm_due_row RENAME TO prm_due_row_gone")
    _trouble()
    found = health.of(SCHEMAS)
    assert found["globex"].missing == ("prm_due_row",)
    assert found["globex"].size > 0
    assert found["acme"].backlog == 2


def test_the_installation_knows_its_heartbeat(db):
    assert health.installation().silent_seconds is None
    heartbeat()
    found = health.installation()
    assert found.silent_seconds in {0, 1}
    assert 1 <= found.connections <= found.most_connections
    assert found.size > 0


def test_a_broker_that_is_down_is_unknown(db, monkeypatch):
    def fail():
        raise RedisError

    monkeypatch.setattr(traces, "queue_length", fail)
    assert health.installation().queue is None


def test_the_page_says_what_needs_a_look(browse, olga):
    console = browse(olga, "ops")
    page = console.get("/tenants/health/").content.decode()
    assert "The workers are silent" in page
    assert "They have never given a sign of life" in page
    assert "Needs a look" not in page
    heartbeat()
    _trouble()
    page = console.get("/tenants/health/").content.decode()
    assert "The workers are silent" not in page
    assert "Needs a look" in page
    assert "Acme Software" in page
    fragment = console.get("/tenants/health/?q=globex", headers={"HX-Request": "true"})
    assert "Acme Software" not in fragment.content.decode()
    uid = Tenant.objects.get(schema_name="acme").uid
    one = console.get(f"/tenants/{uid}/").content.decode()
    assert "1 queued, 1 failed, 2 uncertain" in one


def test_a_portal_without_a_schema_has_no_figures(browse, olga):
    tenant = services.reserve_tenant(services.NewTenant("", "Initech", "initech.localhost"))
    console = browse(olga, "ops")
    assert console.get(f"/tenants/{tenant.uid}/").status_code == 200
    assert "Initech" in console.get("/tenants/health/").content.decode()


@pytest.mark.parametrize("as_json", [True, False])
def test_the_command_says_the_same(db, as_json):
    _trouble()
    heartbeat()
    out = StringIO()
    call_command("portals_status", json=as_json, stdout=out)
    if not as_json:
        assert "acme: LIVE" in out.getvalue()
        assert "2 due, 1 parked, 1 failed and 2 uncertain mails" in out.getvalue()
        return
    told = json.loads(out.getvalue())
    acme = next(row for row in told["portals"] if row["schema"] == "acme")
    assert (acme["state"], acme["backlog"], acme["parked"]) == ("LIVE", 2, 1)
    assert told["installation"]["silent_seconds"] in {0, 1}
