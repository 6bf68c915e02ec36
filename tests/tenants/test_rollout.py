"""A deploy over many tenants, with real processes: killed, refused, repeated, and with nothing to do."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import psycopg
import pytest
from django.db import connection

from prm.tenancy.database import connection as tenancy
from tenants import blueprint
from tenants.services import NewTenant, reserve_tenant

pytestmark = pytest.mark.concurrency
ROOT = Path(__file__).resolve().parents[2]
MORE = [f"vendor_{number}" for number in range(5)]


@pytest.fixture(scope="module")
def fleet(own_database, django_db_blocker):
    """The cast's three tenants and five empty ones of the same release."""
    with django_db_blocker.unblock():
        statements = blueprint.known()
        for schema in MORE:
            host = f"{schema.replace('_', '-')}.localhost"
            tenant = reserve_tenant(NewTenant(schema, schema, host, country="US"))
            blueprint.replay(schema, statements)
            tenant.ready = True
            tenant.save()
        yield ["acme", "globex", "ops", *MORE]


@pytest.fixture(autouse=True)
def _unblocked(django_db_blocker, fleet):
    with django_db_blocker.unblock():
        tenancy.set_schema_to_public()
        yield
        tenancy.set_schema_to_public()


def start(*words):
    """Start the command as a deploy does: another release, another process."""
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.tenants.rolling.settings"}
    where = urlencode({key: value for key, value in _address().items() if key != "dbname"})
    env["DATABASE_URL"] = f"postgresql:///{_address()['dbname']}?{where}"
    return subprocess.Popen(
        [sys.executable, "manage.py", "migrate_tenants", *words],
        env=env,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _address():
    entry = connection.settings_dict
    known = {"user": entry["USER"], "password": entry["PASSWORD"], "host": entry["HOST"]}
    known |= {"port": entry["PORT"], "dbname": entry["NAME"]}
    return {key: value for key, value in known.items() if value}


@contextmanager
def _holding(table):
    """Somebody reads the table and does not finish."""
    with psycopg.connect(**_address()) as reader:
        reader.execute(f"SELECT 1 FROM {table}")
        yield


def rolled():
    """Return the schemas that have the new column."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_schema FROM information_schema.columns"
            " WHERE table_name = 'users_user' AND column_name = 'rolled'"
        )
        return {row[0] for row in cursor.fetchall()}


def test_killed_refused_repaired_and_finished(fleet):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE vendor_3.refuse_me (id int)")

    killed = start("--jobs", "2", "--each", "2")
    while "acme: up to date" not in killed.stdout.readline():
        assert killed.poll() is None, killed.stderr.read()
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    done = rolled()
    assert "acme" in done
    assert done < set(fleet)

    again = start("--jobs", "2", "--each", "2")
    out, err = again.communicate(timeout=120)
    assert again.returncode == 1
    assert "vendor_3: DataError: division by zero" in err
    assert "acme" not in out  # what the killed run did is not done again
    assert rolled() == set(fleet) - {"vendor_3"}

    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE vendor_3.refuse_me")
    last = start()
    out, err = last.communicate(timeout=120)
    assert (last.returncode, err) == (0, "")
    assert [line.split(":")[0] for line in out.splitlines()] == ["vendor_3"]
    assert rolled() == set(fleet)

    check = start("--check")
    out, err = check.communicate(timeout=60)
    assert (check.returncode, out) == (0, "Nothing is behind.\n")


def test_a_process_that_dies_costs_one_tenant_and_the_next_one_goes_on(fleet, monkeypatch):
    from tenants import rollout

    def attempt(schema):
        if schema == "b":
            os.kill(os.getpid(), signal.SIGKILL)
        return "refused" if schema == "d" else ""

    monkeypatch.setattr(rollout, "_attempt", attempt)
    found = {o.schema: o.error for o in rollout.roll_out(list("abcde"), jobs=2, each=3)}
    assert found.pop("b") == "its process ended with code -9"
    assert found == {"a": "", "c": "", "d": "refused", "e": ""}


def test_a_table_that_is_in_use_is_waited_for_in_short_steps(fleet, monkeypatch):
    from tenants import rollout, schemas

    tries = []

    def migrate(schema):
        tries.append(time.monotonic())
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('lock_timeout')")
            assert cursor.fetchone() == ("50ms",)
            cursor.execute("ALTER TABLE vendor_4.users_user ADD COLUMN never integer")

    monkeypatch.setattr(schemas, "migrate", migrate)
    monkeypatch.setattr(schemas, "lacking", lambda names: names)
    monkeypatch.setattr(rollout, "LOCK_SECONDS", 0.05)
    monkeypatch.setattr(rollout.time, "sleep", lambda seconds: None)
    with _holding("vendor_4.users_user"):
        assert "lock timeout" in rollout._attempt("vendor_4")
    assert len(tries) == rollout.TRIES
