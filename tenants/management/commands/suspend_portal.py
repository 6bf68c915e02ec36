"""Stop a portal from answering."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from prm.tenancy.database import connection
from tenants import selectors, services


class Command(BaseCommand):
    """`manage.py suspend_portal HOST --reason TEXT`."""

    help = "Suspend a portal: it answers with a page that names nothing, its mails wait."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which portal, and why."""
        parser.add_argument("host")
        parser.add_argument("--reason", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Suspend, or say why not."""
        connection.set_schema_to_public()
        tenant = selectors.portal_at(options["host"])
        if tenant is None or tenant.is_reserved:
            raise CommandError(f"No portal that can be suspended answers at {options['host']}.")
        try:
            services.suspend_portal(tenant, reason=options["reason"], actor=None)
        except services.NotPossibleNow as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"{tenant.name} is suspended.")
