"""What waits, since when, and whether anybody works: numbers read when the scraper asks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from psycopg import sql

from prm import clock
from prm.health import heartbeat_age
from prm.tenancy.fanout import live_tenants

_STATES = (
    "SELECT CASE WHEN suspended_at IS NOT NULL THEN 'suspended' WHEN ready THEN 'live'"
    " WHEN failure <> '' THEN 'failed' ELSE 'opening' END, count(*)"
    " FROM public.tenants_tenant GROUP BY 1 ORDER BY 1"
)
Sample = tuple[str, dict[str, str], float]


@dataclass(frozen=True, slots=True)
class Backlog:
    """A table in which work waits: trusted SQL, with %s for now, and the column that says since when."""

    kind: str
    table: str
    condition: str
    since: str


_backlogs: dict[str, Backlog] = {}


def backlog(kind: str, table: str, condition: str, since: str) -> None:
    """Register a table whose waiting rows are to be counted over all live tenants."""
    _backlogs[kind] = Backlog(kind, table, condition, since)


def samples() -> Iterator[Sample]:
    """Yield name, labels and value of every gauge; one query per kind of backlog, whatever the tenants."""
    yield from _portals()
    with clock.scope():
        now = clock.now()
        schemas = live_tenants()
    for each in _backlogs.values():
        waiting, oldest = _waiting(each, schemas, now)
        yield "prm_backlog_rows", {"kind": each.kind}, waiting
        age = max((now - oldest).total_seconds(), 0.0) if oldest else 0.0
        yield "prm_backlog_oldest_seconds", {"kind": each.kind}, age
    yield from _installation()


def _portals() -> Iterator[Sample]:
    with connection.cursor() as cursor:
        cursor.execute(_STATES)
        for state, number in cursor.fetchall():
            yield "prm_portals", {"state": state}, number


def _waiting(each: Backlog, schemas: list[str], now: datetime) -> tuple[int, datetime | None]:
    if not schemas:
        return 0, None
    probe = sql.SQL("SELECT count(*), min({since}) FROM {table} WHERE {condition}")
    probes = [
        probe.format(
            since=sql.Identifier(each.since),
            table=sql.Identifier(schema, each.table),
            condition=sql.SQL(each.condition),
        )
        for schema in schemas
    ]
    params = [now] * each.condition.count("%s") * len(schemas)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(" UNION ALL ").join(probes), params)
        rows = cursor.fetchall()
    known = [oldest for _number, oldest in rows if oldest is not None]
    return sum(number for number, _oldest in rows), min(known, default=None)


def _installation() -> Iterator[Sample]:
    """Heartbeat and comparison of schemas are real time and the portal's; connections are the server's."""
    if (beat := heartbeat_age()) is not None:
        yield "prm_heartbeat_age_seconds", {}, beat
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT checked_at, (SELECT count(*) FROM jsonb_object_keys(findings))"
            " FROM public.installation_schema_check WHERE id = 1"
        )
        if row := cursor.fetchone():
            age = (clock.now() - row[0]).total_seconds()
            yield "prm_schema_check_age_seconds", {}, age
            yield "prm_schemas_differing", {}, row[1]
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        yield "prm_database_connections", {}, cursor.fetchone()[0]
        cursor.execute("SELECT pg_database_size(current_database())")
        yield "prm_database_bytes", {}, cursor.fetchone()[0]
