"""Bring the public schema and every tenant up to date; quick when there is nothing to do."""

from typing import Any

from django.core.management.base import BaseCommand
from django_tenants.utils import get_public_schema_name

from prm.tenancy.database import connection
from tenants import schemas
from tenants.models import Tenant


class Command(BaseCommand):
    """`manage.py prepare`: idempotent; run at every start and every deploy."""

    help = "Migrate the public schema and every tenant that is behind."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate public first, then each tenant that is behind."""
        public = get_public_schema_name()
        if schemas.behind([public]):
            schemas.migrate(public)
            self.stdout.write("public: up to date")
        connection.set_schema_to_public()
        every = list(Tenant.objects.filter(ready=True).values_list("schema_name", flat=True))
        for schema in schemas.behind(every) if every else []:
            schemas.migrate(schema)
            self.stdout.write(f"{schema}: up to date")
