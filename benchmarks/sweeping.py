"""One day's sweep over a million registrations in 200 tenants, against what plain SQL says is due."""

import multiprocessing
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import connection, transaction
from psycopg import sql

from benchmarks import database, generator, server
from benchmarks.figures import Figure, machine
from prm import clock, due
from prm.tenancy import context
from prm.tenancy.fanout import tenants_with
from tenants.services import NewTenant, create_tenant

TENANTS = 200
WORKERS = 2
EVERY = timedelta(days=11)
"""So many days after the generator's week the sweep's day begins: the first protections end then, and
what it planned for the days before is taken as done."""
DAY = timedelta(days=1)
SLACK = timedelta(minutes=10)
"""The clock goes on while the sweep runs: what falls due meanwhile may be done or not."""

Found = dict[str, set[tuple[str, str]]]


def run(size: int, say: generator.Say) -> Iterator[Figure]:
    """Copy one tenant of a 200th of the size 199 times, let a day fall due, sweep it with two workers."""
    each = max(size * 10 // TENANTS, 50)
    with database.copy_of(each, say) as name:
        others = [f"sweep_{number:03}" for number in range(1, TENANTS)]
        for number, schema in enumerate(others):
            if number % 20 == 0:
                say(f"tenant {number + 1} of {TENANTS}")
            _copy(schema, number + 1)
        every = [database.TENANT, *others]
        at = generator.week(clock.now()) + EVERY + DAY
        _spread(every, at)
        clock.advance(at - clock.now())
        wanted, later = _ask(_DUE, every, at, at - DAY), _ask(_DUE, every, at + SLACK, at - DAY)
        probe = time.perf_counter()
        waiting = tenants_with("prm_due_row", "parked_at IS NULL AND due_at <= %s", [at])
        probe = time.perf_counter() - probe
        connection.close()
        say("sweeping")
        started = time.perf_counter()
        ran = _sweep(name, waiting)
        seconds = time.perf_counter() - started
        found = _ask(_DONE, every, at, at - DAY)
        about = {"tenants": TENANTS, "registrations": each * TENANTS, "due rows": ran, "workers": WORKERS,
                 **{kind: len(rows) for kind, rows in wanted.items()},
                 "postgresql": server.database_version(), **machine()}  # fmt: skip
        connection.close()
    wrong = sum(len(wanted[kind] - found[kind]) + len(found[kind] - later[kind]) for kind in wanted)
    yield Figure("sweeping.seconds", seconds, "s", 60, conditions=about)
    yield Figure("sweeping.tick", probe, "s", 0.3, conditions=about)
    yield Figure("sweeping.wrong", wrong, "registrations", 0, conditions=about)


def _copy(schema: str, number: int) -> None:
    """Make a tenant with the rows of the first one, its keys and counters too."""
    create_tenant(NewTenant(schema, f"Sweep {number}", f"{schema.replace('_', '-')}.localhost"))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # the rows are consistent
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema])
        for (table,) in cursor.fetchall():
            ours, theirs = sql.Identifier(database.TENANT, table), sql.Identifier(schema, table)
            cursor.execute(sql.SQL("DELETE FROM {}").format(theirs))
            cursor.execute(sql.SQL("INSERT INTO {} SELECT * FROM {}").format(theirs, ours))
        cursor.execute(
            "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = %s"
            " AND last_value IS NOT NULL",
            [database.TENANT],
        )
        for sequence, last in cursor.fetchall():
            cursor.execute("SELECT setval(%s::regclass, %s)", [f'"{schema}"."{sequence}"', last])


def _spread(schemas: list[str], at: datetime) -> None:
    """Spread the reminders of running deals over the 30 days that begin the day before the sweep."""
    for schema in schemas:
        with context.entered(schema), connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM prm_due_row WHERE kind = 'registrations.ending' AND due_at <= %s",
                [at - DAY],
            )
            cursor.execute(
                "UPDATE registrations_registration r"
                " SET touched_at = %s + (r.id %% 30 + 1) * interval '1 day' - interval '30 days'"
                " WHERE state = 'APPROVED'",
                [at - DAY],
            )
            cursor.execute(
                "UPDATE prm_due_row d SET due_at = r.touched_at + interval '30 days'"
                " FROM registrations_registration r"
                " WHERE d.kind = 'registrations.prod' AND d.subject = r.uid::text"
            )


_DUE = {
    "closed": "SELECT r.uid::text FROM registrations_registration r"
    " JOIN registrations_protectionholder h ON h.registration_id = r.id"
    " JOIN registrations_protection p ON p.id = h.protection_id"
    " WHERE r.state = 'APPROVED' AND upper(p.period) <= %(at)s",
    "prodded": "SELECT r.uid::text FROM registrations_registration r"
    " JOIN registrations_protectionholder h ON h.registration_id = r.id"
    " JOIN registrations_protection p ON p.id = h.protection_id"
    " WHERE r.state = 'APPROVED' AND r.touched_at + interval '30 days' <= %(at)s"
    " AND %(at)s < date_trunc('day', upper(p.period) AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'"
    " - interval '3 days' + interval '8 hours'",
    "told": "SELECT r.uid::text FROM registrations_registration r"
    " JOIN registrations_protectionholder h ON h.registration_id = r.id"
    " JOIN registrations_protection p ON p.id = h.protection_id,"
    " unnest(ARRAY[60, 30, 14, 3]) AS days"
    " WHERE r.state = 'APPROVED' AND upper(p.period) - days * interval '1 day' <= %(at)s"
    " AND upper(p.period) - days * interval '1 day' > %(day)s",
}
_DONE = {
    "closed": "SELECT uid::text FROM registrations_registration"
    " WHERE close_code = 'EXPIRED' AND closed_at >= %(at)s",
    "prodded": "SELECT target_uid::text FROM prm_event"
    " WHERE code = 'registration.prodded' AND at >= %(at)s",
    "told": "SELECT subject_uid::text FROM notifications_notice"
    " WHERE kind = 'registrations.ending' AND created_at >= %(at)s",
}


def _ask(questions: dict[str, str], schemas: list[str], at: datetime, day: datetime) -> Found:
    """Return (tenant, registration) per kind for what is due at an instant, or was done since."""
    found: Found = {kind: set() for kind in questions}
    for schema in schemas:
        with context.entered(schema), connection.cursor() as cursor:
            for kind, question in questions.items():
                cursor.execute(question, {"at": at, "day": day})
                found[kind] |= {(schema, uid) for (uid,) in cursor.fetchall()}
    return found


def _sweep(name: str, schemas: list[str]) -> int:
    """Drain every tenant, with as many processes as a small installation has workers."""
    with multiprocessing.get_context("fork").Pool(WORKERS) as pool:
        return sum(pool.imap_unordered(_drain, [(name, schema) for schema in schemas]))


def _drain(which: tuple[str, str]) -> int:
    name, schema = which
    if connection.settings_dict["NAME"] != name:
        database.use(name)
    with context.entered(schema), clock.scope():
        return _drained()


def _drained() -> int:
    ran: int = due.drain(limit=1_000_000)
    return ran
