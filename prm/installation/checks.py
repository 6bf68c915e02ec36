"""Start-up checks of the database: version, extensions, and no table name in both places."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection

EXTENSIONS = ("btree_gist", "pg_trgm", "unaccent")
FLOOR = 150_000


@register(Tags.database)
def database_is_fit(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Return errors for an old server, a missing extension, or a table in public and in a tenant."""
    if not databases:
        return []
    errors: list[CheckMessage] = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int")
        if cursor.fetchone()[0] < FLOOR:
            errors.append(Error("PostgreSQL 15 or later is needed.", id="prm.E001"))
        cursor.execute("SELECT to_regclass('public.django_migrations') IS NULL")
        if cursor.fetchone()[0]:
            return errors  # nothing is migrated yet
        cursor.execute(
            "SELECT e.extname, n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace"
        )
        homes = dict(cursor.fetchall())
        errors += [
            Error(f"The extension {name} must live in the schema public.", id="prm.E002")
            for name in EXTENSIONS
            if homes.get(name) != "public"
        ]
        cursor.execute(
            "SELECT DISTINCT t.tablename FROM pg_tables t "
            "JOIN tenants_tenant s ON s.schema_name = t.schemaname "
            "JOIN pg_tables p ON p.schemaname = 'public' AND p.tablename = t.tablename "
            "WHERE t.tablename <> 'django_migrations' ORDER BY 1"
        )
        errors += [
            Error(f"The table {name} exists in public and in a tenant.", id="prm.E003")
            for (name,) in cursor.fetchall()
        ]
    return errors
