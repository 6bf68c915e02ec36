"""Does every schema hold the tables it should? A missing one would silently read public's."""

from collections.abc import Iterable

from django.apps import apps
from django.conf import settings
from django.db import connection
from django_tenants.utils import get_public_schema_name

MIGRATIONS = "django_migrations"


def missing_tables(schemas: Iterable[str]) -> dict[str, list[str]]:
    """Return, for each of the schemas that lacks tables, the names of those; one query."""
    wanted_by = {schema: _wanted(schema) for schema in schemas}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname = ANY(%s)",
            [list(wanted_by)],
        )
        found = set(cursor.fetchall())
    gaps = {
        schema: sorted(table for table in wanted if (schema, table) not in found)
        for schema, wanted in wanted_by.items()
    }
    return {schema: tables for schema, tables in gaps.items() if tables}


def tables_of(app_entries: Iterable[str]) -> frozenset[str]:
    """Return the tables of the models of apps named as in the settings."""
    names = set(app_entries)
    return frozenset(
        model._meta.db_table
        for config in apps.get_app_configs()
        if config.name in names
        for model in config.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    )


def _wanted(schema: str) -> frozenset[str]:
    shared = schema == get_public_schema_name()
    return tables_of(settings.SHARED_APPS if shared else settings.TENANT_APPS) | {MIGRATIONS}
