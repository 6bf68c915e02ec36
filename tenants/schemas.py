"""Schemas of tenants: make one, see which are behind, bring them up to date, drop one."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader
from django_tenants.utils import get_public_schema_name
from psycopg import sql

from prm.tenancy.database import connection
from tenants import blueprint
from tenants.models import Tenant


def make(tenant: Tenant) -> None:
    """Create a tenant's schema with every table; the connection is in public afterwards.

    By migrations the first time after a release, by what they said from then on.
    """
    statements = blueprint.known()
    if statements is None:
        _make_by_migrations(tenant.schema_name)
    else:
        blueprint.replay(tenant.schema_name, statements)


def _make_by_migrations(schema: str) -> None:
    """Make a schema step by step, which may be repeated; record it if it was made in one go."""
    connection.set_schema_to_public()
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(schema)))
    if _is_empty(schema):
        with blueprint.recording():
            migrate(schema)
    else:
        migrate(schema)


def _is_empty(schema: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_tables WHERE schemaname = %s LIMIT 1", [schema])
        return cursor.fetchone() is None


def drop(tenant: Tenant) -> None:
    """Drop a tenant's schema with everything in it."""
    connection.set_schema_to_public()
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(tenant.schema_name))
        )


def taken() -> frozenset[str]:
    """Return the names of every schema in the database, and those reserved for tenants to come."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nspname FROM pg_namespace UNION SELECT schema_name FROM public.tenants_tenant"
        )
        return frozenset(row[0] for row in cursor.fetchall())


@contextmanager
def building(schema: str, what: str = "build") -> Iterator[bool]:
    """Hold the right to build or remove a schema; yields False if another process does it now.

    A lock of the session, because it is many transactions; it ends with the connection. `what` names
    other work that is done by one process at a time.
    """
    key = _key(schema, what)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        mine: bool = cursor.fetchone()[0]
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


def wait_for(schema: str) -> None:
    """Wait until nobody builds or migrates the schema, and hold that right until this connection ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_key(schema)])


def _key(schema: str, what: str = "build") -> int:
    digest = hashlib.blake2b(f"{what}\x00{schema}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def migrate(schema: str) -> None:
    """Apply what is missing to one schema, public included."""
    shared = schema == get_public_schema_name()
    call_command(
        "migrate_schemas",
        shared=shared,
        tenant=not shared,
        schema_name=None if shared else schema,
        interactive=False,
        verbosity=0,
    )
    connection.set_schema_to_public()


def behind(schemas: list[str]) -> list[str]:
    """Return those of the schemas whose applied migrations are not exactly the ones on disk.

    One query for all of them; a schema without a migrations table counts as behind.
    """
    all_of_them, had = wanted(), _applied(schemas)
    return [schema for schema in schemas if had.get(schema) != all_of_them]


def lacking(schemas: list[str]) -> list[str]:
    """Return those of the schemas that lack a migration on disk; one query for all of them.

    Not those that know more: beside an older release that serves again, they need nothing.
    """
    all_of_them, had = wanted(), _applied(schemas)
    return [schema for schema in schemas if all_of_them - had.get(schema, frozenset())]


def applied(schema: str) -> frozenset[str]:
    """Return the migrations that a schema says it has had, as `app.name`."""
    return _applied([schema]).get(schema, frozenset())


def wanted() -> frozenset[str]:
    """Return the migrations of this release, as `app.name`."""
    disk = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    return frozenset(f"{app}.{name}" for app, name in disk)


def _applied(schemas: list[str]) -> dict[str, frozenset[str]]:
    """Return the names of the migrations that each schema with such a table says it has had."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT schemaname FROM pg_tables WHERE tablename = 'django_migrations'"
            " AND schemaname = ANY(%s)",
            [schemas],
        )
        known = sorted(row[0] for row in cursor.fetchall())
        if not known:
            return {}
        probe = sql.SQL("SELECT {name}, array_agg(app || '.' || name) FROM {table}")
        cursor.execute(
            sql.SQL(" UNION ALL ").join(
                probe.format(name=sql.Literal(s), table=sql.Identifier(s, "django_migrations"))
                for s in known
            )
        )
        return {schema: frozenset(names or ()) for schema, names in cursor.fetchall()}
