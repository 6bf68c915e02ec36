"""Fail if a schema lacks a table: a query would fall through to public and read the wrong rows."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django_tenants.utils import get_public_schema_name

from prm.tenancy.database import connection
from tenants import drift, schemas
from tenants.models import Tenant


class Command(BaseCommand):
    """`manage.py check_tenants`: exit code 1 and the names of what is missing."""

    help = "Check that public and every tenant have every table and every migration."

    def handle(self, *args: Any, **options: Any) -> None:
        """Report missing tables and schemas that are behind."""
        connection.set_schema_to_public()
        ready = Tenant.objects.filter(ready=True).order_by("schema_name")
        every = [get_public_schema_name(), *ready.values_list("schema_name", flat=True)]
        missing = drift.missing_tables(every)
        for schema, tables in missing.items():
            self.stderr.write(f"{schema} lacks {', '.join(tables)}")
        behind = [schema for schema in schemas.behind(every) if schema not in missing]
        for schema in behind:
            self.stderr.write(f"{schema} has other migrations than this code")
        if missing or behind:
            raise CommandError(
                f"{len(missing) + len(behind)} of {len(every)} schemas are not as they should be."
            )
        self.stdout.write(f"{len(every)} schemas are as they should be.")
