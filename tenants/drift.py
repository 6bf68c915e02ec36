"""Is every schema as it should be: every table, every migration, and the shape that the other tenants have?

A missing table would silently read public's; a renamed constraint breaks a later migration of that tenant only.
"""

import time
from collections.abc import Iterable

import structlog
from django.apps import apps
from django.conf import settings
from django.db import transaction
from django_tenants.utils import get_public_schema_name

from prm import clock
from prm.installation.models import SchemaCheck
from prm.tenancy.database import connection
from tenants import schemas, shape
from tenants.models import Tenant

MIGRATIONS = "django_migrations"
SHOWN = 40
"""So many sentences per schema are kept; a schema with more needs no list but a restore."""
log = structlog.get_logger(__name__)


def every_schema() -> list[str]:
    """Return public and the schemas of all tenants that are ready; the connection is in public afterwards."""
    connection.set_schema_to_public()
    ready = Tenant.objects.filter(ready=True).order_by("schema_name")
    return [get_public_schema_name(), *ready.values_list("schema_name", flat=True)]


def findings(names: list[str]) -> dict[str, list[str]]:
    """Return sentences about each of the schemas that is not as it should be."""
    missing = missing_tables(names)
    found = {schema: [f"lacks {', '.join(tables)}"] for schema, tables in missing.items()}
    for schema in schemas.behind(names):
        found.setdefault(schema, []).append("has other migrations than this code")
    tenants = [schema for schema in names if schema != get_public_schema_name()]
    for schema, differences in shape.differences(tenants).items():
        found.setdefault(schema, []).extend(str(each) for each in differences)
    return found


def check() -> SchemaCheck:
    """Compare every schema now, keep and return what was found; a difference is logged as an error."""
    began, names = time.monotonic(), every_schema()
    found = findings(names)
    values = {
        "checked_at": clock.now(),
        "schemas": len(names),
        "seconds": time.monotonic() - began,
        "findings": {schema: sentences[:SHOWN] for schema, sentences in found.items()},
    }
    for schema, sentences in found.items():
        log.error("schema differs", schema=schema, findings=len(sentences), first=sentences[0])
    with transaction.atomic():
        kept, _created = SchemaCheck.objects.update_or_create(pk=1, defaults=values)
    return kept


def last_check() -> SchemaCheck | None:
    """Return what the last comparison found, if there was one; for the operators' pages."""
    return SchemaCheck.objects.filter(pk=1).first()


def missing_tables(names: Iterable[str]) -> dict[str, list[str]]:
    """Return, for each of the schemas that lacks tables, the names of those; one query."""
    wanted_by = {schema: _wanted(schema) for schema in names}
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
