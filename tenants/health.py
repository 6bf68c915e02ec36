"""How the installation and each of its portals are, in a number of statements that does not grow.

Every portal's figures come from one UNION ALL over the schemas asked for, each branch answered by an
index. Sizes and counts of rows are what the server keeps in its catalogue: good to a few per cent after
an autovacuum, and free.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django_tenants.utils import get_public_schema_name
from psycopg import sql
from redis import RedisError

from prm import clock
from prm.tenancy.database import connection
from tenants import drift, traces
from tenants.models import Tenant

MAIN_TABLES = {
    "registrations": "registrations_registration",
    "companies": "companies_company",
    "leads": "leads_lead",
    "people": "users_user",
    "events": "prm_event",
}
PAGE = 8_192  # bytes; what `relpages` counts

_FIGURES = sql.SQL(
    """
SELECT {name},
 (SELECT count(*) FROM {due} WHERE parked_at IS NULL AND due_at <= %(now)s),
 (SELECT min(due_at) FROM {due} WHERE parked_at IS NULL AND due_at <= %(now)s),
 (SELECT count(*) FROM {due} WHERE parked_at IS NOT NULL),
 (SELECT count(*) FROM {mails} WHERE state IN {trouble} AND state = 'FAILED'),
 (SELECT count(*) FROM {mails} WHERE state IN {trouble} AND state = 'UNCERTAIN'),
 (SELECT count(*) FROM {mails} WHERE state = 'QUEUED'),
 (SELECT max(last_login) FROM {people})
"""
)
_READ = (
    "backlog",
    "oldest_due",
    "parked",
    "failed_mails",
    "uncertain_mails",
    "queued_mails",
    "last_sign_in",
)
_SIZES = """
SELECT n.nspname, sum(c.relpages::bigint) * %s,
 coalesce(jsonb_object_agg(c.relname, greatest(c.reltuples, 0)::bigint)
  FILTER (WHERE c.relname = ANY(%s)), '{}')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = ANY(%s) AND c.relkind IN ('r', 'i', 'm') GROUP BY n.nspname
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """One portal's figures; `size` in bytes, `rows` by the words of MAIN_TABLES, both estimates."""

    backlog: int = 0
    oldest_due: datetime | None = None
    parked: int = 0
    failed_mails: int = 0
    uncertain_mails: int = 0
    queued_mails: int = 0
    last_sign_in: datetime | None = None
    size: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    missing: tuple[str, ...] = ()

    @property
    def in_trouble(self) -> bool:
        """Whether a person has to look."""
        return bool(self.parked or self.failed_mails or self.uncertain_mails or self.missing)


@dataclass(frozen=True, slots=True)
class Installation:
    """What all portals share; `queue` is None where the broker cannot be asked."""

    heartbeat: datetime | None
    database_now: datetime
    connections: int
    most_connections: int
    queue: int | None
    size: int

    @property
    def silent_seconds(self) -> int | None:
        """How long ago the workers proved that they work; None if they never did. Real time."""
        if self.heartbeat is None:
            return None
        return max(0, int((self.database_now - self.heartbeat).total_seconds()))


def of(schemas: Sequence[str]) -> dict[str, Figures]:
    """Return the figures of portals by schema: four statements, whatever their number.

    A schema that lacks tables has its size and what is missing, and no other figures.
    """
    found = _existing(schemas)
    if not found:
        return {}
    missing = drift.missing_tables(found)
    sizes = _sizes(found)
    read = _figures([schema for schema in found if schema not in missing])
    return {
        schema: Figures(
            **read.get(schema, {}),
            size=sizes.get(schema, (0, {}))[0],
            rows=_named(sizes.get(schema, (0, {}))[1]),
            missing=tuple(missing.get(schema, ())),
        )
        for schema in found
    }


def installation() -> Installation:
    """Return what all portals share: one statement and one question to the broker."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT beat_at FROM public.installation_heartbeat WHERE id = 1),"
            " clock_timestamp(),"
            " (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),"
            " current_setting('max_connections')::int, pg_database_size(current_database())"
        )
        heartbeat, now, connections, most, size = cursor.fetchone()
    return Installation(heartbeat, now, connections, most, _queue(), size)


def report() -> dict[str, Any]:
    """Return everything as plain values, for a command or a program that watches."""
    connection.set_schema_to_public()
    portals = list(Tenant.objects.order_by("schema_name").prefetch_related("domains"))
    figures = of([portal.schema_name for portal in portals])
    return {
        "at": clock.now(),
        "installation": {
            **asdict(shared := installation()),
            "silent_seconds": shared.silent_seconds,
            "public_lacks": drift.missing_tables([get_public_schema_name()]).get("public", []),
        },
        "portals": [
            {
                "schema": portal.schema_name,
                "name": portal.name,
                "host": portal.host,
                "state": portal.state.value,
                "delete_at": portal.delete_at,
                **asdict(figures.get(portal.schema_name, Figures())),
            }
            for portal in portals
        ],
    }


def _existing(schemas: Sequence[str]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname = ANY(%s)", [list(schemas)])
        return sorted(row[0] for row in cursor.fetchall())


def _figures(schemas: Sequence[str]) -> dict[str, dict[str, Any]]:
    if not schemas:
        return {}
    branches = [
        _FIGURES.format(
            name=sql.Literal(schema),
            due=sql.Identifier(schema, "prm_due_row"),
            mails=sql.Identifier(schema, "notifications_message"),
            people=sql.Identifier(schema, "users_user"),
            trouble=sql.SQL("('UNCERTAIN', 'FAILED')"),  # as the index has it
        )
        for schema in schemas
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(" UNION ALL ").join(branches), {"now": clock.now()})
        return {row[0]: dict(zip(_READ, row[1:], strict=True)) for row in cursor.fetchall()}


def _sizes(schemas: Sequence[str]) -> dict[str, tuple[int, dict[str, int]]]:
    with connection.cursor() as cursor:
        cursor.execute(_SIZES, [PAGE, list(MAIN_TABLES.values()), list(schemas)])
        return {row[0]: (int(row[1] or 0), _parsed(row[2])) for row in cursor.fetchall()}


def _parsed(value: Any) -> dict[str, int]:
    """The driver gives JSON as text, or read."""
    return dict(json.loads(value) if isinstance(value, str) else value)


def _named(rows: dict[str, int]) -> dict[str, int]:
    return {word: rows.get(table, 0) for word, table in MAIN_TABLES.items()}


def _queue() -> int | None:
    """How many jobs wait; None as well when the broker does not answer, which /readyz says."""
    try:
        return traces.queue_length()
    except (OSError, RedisError):
        return None
