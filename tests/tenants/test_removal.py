"""Deleting a portal: asked for, cancelled, and done so that nothing of it is left.

The deleting itself happens on a database of its own, with a Redis of its own where there is one.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import IntegrityError, OperationalError, connection, transaction
from django.test import Client, override_settings
from redis import Redis

from prm import clock, events
from prm.celery import app
from prm.due.tasks import drain
from prm.tenancy import context
from prm.tenancy.fanout import live_tenants
from prm.uploads import tenant_folder
from tenants import removal, schemas, selectors, services, tasks, traces
from tenants.enums import PortalState
from tenants.models import Export, Tenant
from users.models import User

BROKER = 12  # one of Redis' databases that nobody else uses


def _acme():
    return Tenant.objects.get(schema_name="acme")


def _ask(actor=None, **more):
    return removal.ask_deletion(_acme(), reason="Contract ended", actor=actor, **more)


def test_asking_suspends_at_once_and_sets_the_day(olga):
    with context.entered("ops"):
        tenant = _ask(actor=olga)
    assert tenant.state == PortalState.LEAVING
    assert tenant.delete_at - tenant.suspended_at == timedelta(days=30)
    assert "acme" not in live_tenants()
    assert Client(SERVER_NAME="acme.localhost").get("/").status_code == 503
    assert list(selectors.in_state(selectors.portals(), PortalState.LEAVING)) == [tenant]
    assert not selectors.in_state(selectors.portals(), PortalState.SUSPENDED).exists()
    with context.entered("ops"):
        event = events.timeline(tenant).order_by("-pk").first()
        assert (event.code, event.data["days"]) == ("portal.deletion-asked", 30)
        assert event.detail.private["reason"] == "Contract ended"


def test_it_can_be_cancelled_and_resumed_until_then(db, travel):
    _ask(days=5)
    with pytest.raises(services.NotPossibleNow, match="Cancel the deletion"):
        services.resume_portal(_acme(), actor=None)
    with pytest.raises(services.NotPossibleNow, match="already"):
        _ask()
    travel(days=4)
    assert removal.due() == []
    assert removal.cancel_deletion(_acme(), actor=None).state == PortalState.SUSPENDED
    services.resume_portal(_acme(), actor=None)
    assert _acme().state == PortalState.LIVE
    with pytest.raises(services.NotPossibleNow, match="not to be deleted"):
        removal.cancel_deletion(_acme(), actor=None)


def test_nothing_is_deleted_before_its_day_or_after_cancelling(db, travel, monkeypatch):
    monkeypatch.setattr(removal, "steps", lambda tenant, job: pytest.fail("too early"))
    _ask(days=5)
    assert not removal.delete_now(_acme())
    removal.cancel_deletion(_acme(), actor=None)
    travel(days=6)
    assert not removal.delete_now(_acme())


def test_once_begun_it_cannot_be_cancelled(db, travel, monkeypatch):
    monkeypatch.setattr(removal, "steps", lambda tenant, job: iter(()))
    _ask(days=1)
    travel(days=2)
    assert removal.delete_now(_acme())
    with pytest.raises(services.NotPossibleNow, match="has begun"):
        removal.cancel_deletion(_acme(), actor=None)


def test_the_tick_queues_what_is_due(db, travel, monkeypatch):
    queued = []
    monkeypatch.setattr(
        "tenants.tasks.delete_portal.apply_async", lambda args, **options: queued.extend(args)
    )
    _ask(days=1)
    tasks.tick()
    assert queued == []
    travel(days=2)
    tasks.tick()
    assert queued == ["acme"]


def test_only_an_operator_deletes_and_never_the_console(ada, olga):
    with pytest.raises(PermissionDenied):
        _ask(actor=ada)
    ops = Tenant.objects.get(schema_name="ops")
    with context.entered("ops"), pytest.raises(PermissionDenied):
        removal.ask_deletion(ops, reason="Oops", actor=olga)
    with pytest.raises(PermissionDenied):
        removal.ask_deletion(ops, reason="Oops", actor=None)


def test_a_portal_that_is_being_opened_is_not_deleted(db):
    tenant = services.reserve_tenant(services.NewTenant("", "Initech", "initech.localhost"))
    with pytest.raises(services.NotPossibleNow, match="being opened"):
        removal.ask_deletion(tenant, reason="Oops", actor=None)


@pytest.mark.constraints
@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("delete_at", "a portal is suspended before it is deleted"),
        ("deleting_since", "a deletion has its day"),
    ],
)
def test_a_deletion_has_its_order(db, field, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Tenant.objects.filter(schema_name="acme").update(**{field: clock.now()})


def test_from_the_page(browse, olga):
    console, url = browse(olga, "ops"), f"/tenants/{_acme().uid}/"
    answers = {"name": "Acme Software", "reason": "Contract ended", "days": "30"}
    assert console.get(f"{url}delete/").status_code == 200
    for changed, sentence in (
        ({"name": "acme software"}, "not the name of the portal"),
        ({"name": ""}, "required"),
        ({"reason": ""}, "required"),
        ({"days": "0"}, "greater than or equal to 1"),
    ):
        refused = console.post(f"{url}delete/", {**answers, **changed})
        assert refused.status_code == 422
        assert sentence in refused.content.decode()
    assert _acme().state == PortalState.LIVE
    assert console.post(f"{url}delete/", answers).url == url
    page = console.get(url).content.decode()
    assert "Cancel the deletion" in page
    assert "Contract ended" in page
    assert f"{url}delete/" not in page
    assert console.post(f"{url}delete/", answers).status_code == 422
    assert console.post(f"{url}keep/").status_code == 303
    assert "Deletion cancelled" in console.get(url).content.decode()
    assert console.post(f"{url}keep/").status_code == 303


def test_from_the_command_line(db, capsys):
    named = {"name": "Acme Software", "reason": "Contract ended"}
    for host, options in (
        ("ops.localhost", named),
        ("nobody.localhost", named),
        ("acme.localhost", {**named, "name": "Acme"}),
        ("acme.localhost", {**named, "reason": ""}),
        ("acme.localhost", {**named, "days": 0}),
        ("acme.localhost", {"cancel": True}),
    ):
        with pytest.raises(CommandError):
            call_command("delete_portal", host, **options)
    call_command("delete_portal", "acme.localhost", **named)
    assert "is suspended and is deleted at" in capsys.readouterr().out
    call_command("delete_portal", "acme.localhost", cancel=True)
    assert "is kept" in capsys.readouterr().out


# --- what is left -----------------------------------------------------------------------------------


class FakeBroker:
    """As much of the broker as the removal of jobs uses."""

    def __init__(self, queued, in_flight):
        self.queued, self.in_flight = list(queued), dict(in_flight)

    def lrange(self, name, start, end):
        return list(self.queued)

    def lrem(self, name, count, raw):
        self.queued = [one for one in self.queued if one != raw]

    def hscan_iter(self, name):
        return iter(list(self.in_flight.items()))

    def hdel(self, name, tag):
        del self.in_flight[tag]

    def zrem(self, name, tag):
        assert tag in self.in_flight

    def llen(self, name):
        return len(self.queued)


def _message(number, **headers):
    return json.dumps({"body": str(number), "headers": {"id": str(number), **headers}}).encode()


def test_its_jobs_are_taken_out_of_the_broker_and_no_others(db, monkeypatch):
    mine, theirs = {"prm_schema": "acme"}, {"prm_schema": "globex"}
    named, like = {"argsrepr": "['acme']"}, {"argsrepr": "['acme_2']"}
    broker = FakeBroker(
        [_message(1, **mine), _message(2, **theirs), _message(3, **named), _message(4, **like)],
        {
            b"5": json.dumps([json.loads(_message(5, **mine)), "", "celery"]).encode(),
            b"6": json.dumps([json.loads(_message(6, **named)), "", "celery"]).encode(),
        },
    )
    monkeypatch.setattr(traces, "_broker", lambda: broker)
    assert len(traces.jobs(_acme())) == 4
    traces.remove_jobs(_acme(), but="6")
    assert broker.queued == [_message(2, **theirs), _message(4, **like)]
    assert list(broker.in_flight) == [b"6"]
    assert traces.queue_length() == 2


@pytest.fixture(scope="module")
def world(own_database, django_db_blocker):
    with django_db_blocker.unblock():
        yield own_database


@pytest.fixture
def unblocked(world, django_db_blocker, monkeypatch):
    """Real commits, keys of the cache and a broker that no other test uses."""
    broker = f"{settings.REDIS_URL.rpartition('/')[0]}/{BROKER}"
    monkeypatch.setattr(traces, "_broker", lambda: Redis.from_url(broker))
    default = {**settings.CACHES["default"], "KEY_PREFIX": "test-removal"}
    with django_db_blocker.unblock(), override_settings(CACHES={"default": default}):
        connection.set_schema_to_public()
        yield broker
        Redis.from_url(broker).delete("celery")


def _fill(tenant, broker):
    """Leave one trace of every kind, and a job and a key of another portal beside."""
    with app.connection_for_write(broker) as queue:
        for schema in (tenant.schema_name, "globex"):
            with context.entered(schema):
                cache.set("trace", "kwtrace", 600)
                drain.apply_async(connection=queue)
        tasks.build_portal.apply_async([tenant.schema_name], connection=queue)
    assert len(traces.cache_keys(tenant)) == 1
    assert len(traces.jobs(tenant)) == 2
    folder = tenant_folder(tenant.schema_name) / "logos"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "kwtrace.png").write_bytes(b"kwtrace")
    captured = Path(settings.PRM_MAIL_CAPTURE_DIR) / tenant.schema_name
    captured.mkdir(parents=True, exist_ok=True)
    (captured / "kwtrace.eml").write_bytes(b"kwtrace")
    export = Export.objects.create(tenant=tenant)
    kept = tenant_folder("ops") / export.name
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(b"kwtrace")
    return [folder, captured, kept]


def _public_rows_naming(words):
    """Every row in public that holds one of the words, whatever its table."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            for word in words:
                cursor.execute(
                    f'SELECT count(*) FROM public."{table}" r WHERE r::text LIKE %s', [f"%{word}%"]
                )
                if cursor.fetchone()[0]:
                    found.append((table, word))
    return found


def _schema_exists(schema):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname = %s", [schema])
        return cursor.fetchone()[0] == 1


def _make(name):
    host = f"{name}.localhost"
    return services.create_tenant(services.NewTenant("", name.title(), host))


def _hold(tenant, entered, leave):
    """Be the other process that builds or removes this portal."""
    try:
        with schemas.building(tenant.schema_name):
            entered.set()
            leave.wait(10)
    finally:
        connection.close()


def _read_on(tenant, entered, leave):
    """Be a request that has not ended yet."""
    try:
        with context.entered(tenant.schema_name), transaction.atomic():
            User.objects.count()
            entered.set()
            leave.wait(10)
    finally:
        connection.close()


SCRIPT = """
import os, signal, sys, django
django.setup()
from django.db import connection
from tenants import removal, schemas
from tenants.models import Tenant
connection.settings_dict["NAME"] = sys.argv[1]
tenant, stop = Tenant.objects.get(schema_name=sys.argv[2]), sys.argv[3]
with schemas.building(tenant.schema_name):
    assert removal._begin(tenant)
    if stop == "begin":
        os.kill(os.getpid(), signal.SIGKILL)
    for step in removal.steps(tenant):
        if step == stop:
            os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.concurrency
@pytest.mark.parametrize("stop", ["begin", "schema", "files", "cache", "jobs"])
def test_a_killed_deletion_goes_on_where_it_stopped(stop, unblocked):
    tenant = _make(f"killed{stop}")
    places = _fill(tenant, unblocked)
    removal.ask_deletion(tenant, reason="Contract ended", actor=None, days=0)
    arguments = [sys.executable, "-c", SCRIPT, connection.settings_dict["NAME"]]
    done = subprocess.run(
        [*arguments, tenant.schema_name, stop],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "prm.settings.test"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    assert removal.due() == [tenant.schema_name]
    for _tick in range(50):  # the server may notice the death of its client a moment later
        tasks.delete_portal(tenant.schema_name)
        if removal.due() == []:
            break
        time.sleep(0.1)
    assert removal.due() == []
    assert not _schema_exists(tenant.schema_name)
    assert [place for place in places if place.exists()] == []
    assert _public_rows_naming([tenant.schema_name, str(tenant.uid)]) == []
    assert traces.cache_keys(tenant) == traces.jobs(tenant) == []
    assert traces.queue_length() == 1  # the other portal's
    tasks.delete_portal(tenant.schema_name)  # the same job once more finds nothing to do
    with context.entered("ops"):
        codes = [event.code for event in events.timeline(tenant).order_by("pk")]
    assert codes[-3:] == ["portal.deletion-asked", "portal.deletion-begun", "portal.deleted"]


@pytest.mark.concurrency
def test_two_jobs_at_once_are_one(unblocked):
    tenant = _make("twice")
    removal.ask_deletion(tenant, reason="Contract ended", actor=None, days=0)
    entered, leave, said = threading.Event(), threading.Event(), []
    other = threading.Thread(target=_hold, args=(tenant, entered, leave))
    other.start()
    assert entered.wait(10)
    said.append(removal.delete_now(tenant))
    leave.set()
    other.join(10)
    assert said == [False]
    assert removal.delete_now(tenant)


@pytest.mark.concurrency
def test_a_schema_that_is_still_read_is_left_to_the_next_tick(unblocked, monkeypatch):
    tenant = _make("stillread")
    removal.ask_deletion(tenant, reason="Contract ended", actor=None, days=0)
    monkeypatch.setattr(removal, "LOCK_TIMEOUT", "200ms")
    entered, leave = threading.Event(), threading.Event()
    other = threading.Thread(target=_read_on, args=(tenant, entered, leave))
    other.start()
    assert entered.wait(10)
    with pytest.raises(OperationalError, match="lock timeout"):
        removal.delete_now(tenant)
    leave.set()
    other.join(10)
    assert removal.due() == ["stillread"]
    assert removal.delete_now(tenant)
    assert not _schema_exists("stillread")


@pytest.mark.concurrency
def test_deleting_the_first_tenant_leaves_no_trace_and_harms_nobody(unblocked):
    """The first one of all: extensions and what the others need must not have lived in it."""
    tenant = Tenant.objects.order_by("pk").exclude(schema_name="ops").first()
    words = [tenant.schema_name, str(tenant.uid)]
    places = _fill(tenant, unblocked)
    assert len(_public_rows_naming(words)) >= 2
    call_command("delete_portal", tenant.host, name=tenant.name, reason="Contract ended", now=True)
    assert not Tenant.objects.filter(pk=tenant.pk).exists()
    assert not _schema_exists(tenant.schema_name)
    assert _public_rows_naming(words) == []
    assert [place for place in places if place.exists()] == []
    assert traces.cache_keys(tenant) == []
    assert traces.jobs(tenant) == []
    assert traces.queue_length() == 1
    with context.entered("globex"):
        assert cache.get("trace") == "kwtrace"
    assert Client(SERVER_NAME=tenant.host).get("/").status_code == 404
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extname FROM pg_extension WHERE extname IN ('btree_gist', 'pg_trgm', 'unaccent')"
        )
        assert len(cursor.fetchall()) == 3
    for other in Tenant.objects.exclude(schema_name="ops"):
        assert Client(SERVER_NAME=other.host).get("/accounts/login/").status_code == 200
    call_command("check_tenants")
