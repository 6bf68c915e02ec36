"""Give a portal another host name."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from prm.tenancy.database import connection
from tenants import hosts, renaming, selectors, services


class Command(BaseCommand):
    """`manage.py rename_host OLD NEW [--redirect-days N]`."""

    help = "Rename a portal's host; the old one redirects to the new one for a time."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which portal, and its new address."""
        parser.add_argument("host")
        parser.add_argument("new", help="a label under the base domain, or a full host name")
        parser.add_argument(
            "--redirect-days",
            type=int,
            default=renaming.DAYS,
            help=f"how long the old host name redirects; 0: not at all (default {renaming.DAYS})",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Rename, or say why not."""
        connection.set_schema_to_public()
        tenant = selectors.portal_at(options["host"])
        if tenant is None or tenant.is_reserved:
            raise CommandError(f"No portal that can be renamed answers at {options['host']}.")
        try:
            host = hosts.host_from(options["new"], settings.BASE_DOMAIN)
            days = options["redirect_days"]
            tenant = renaming.rename_host(tenant, host=host, actor=None, redirect_days=days)
        except (hosts.HostRefused, services.PortalRefused) as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"{tenant.name} answers at {tenant.address}/")
