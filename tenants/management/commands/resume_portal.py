"""Let a suspended portal answer again."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from prm.tenancy.database import connection
from tenants import selectors, services


class Command(BaseCommand):
    """`manage.py resume_portal HOST`."""

    help = "Resume a suspended portal; what fell due meanwhile is caught up with."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which portal."""
        parser.add_argument("host")

    def handle(self, *args: Any, **options: Any) -> None:
        """Resume, or say why not."""
        connection.set_schema_to_public()
        tenant = selectors.portal_at(options["host"])
        if tenant is None:
            raise CommandError(f"No portal answers at {options['host']}.")
        try:
            services.resume_portal(tenant, actor=None)
        except services.NotPossibleNow as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"{tenant.name} answers again.")
