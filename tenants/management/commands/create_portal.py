"""Open a vendor's portal from the command line, as the operators' console does."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from prm.tenancy.database import connection
from tenants import hosts, services
from tenants.services import NewTenant


class Command(BaseCommand):
    """`manage.py create_portal NAME HOST`: live when it returns."""

    help = "Open a vendor's portal and invite its first administrator."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name and host as in the console; everything else has a usual value."""
        parser.add_argument("name")
        parser.add_argument("host", help="a label under the base domain, or a full host name")
        parser.add_argument("--administrator-name", default="")
        parser.add_argument("--administrator-email", default="")
        parser.add_argument("--language", default="en", choices=dict(settings.LANGUAGES))
        parser.add_argument("--currency", default="USD")
        parser.add_argument("--zone", default="UTC")
        parser.add_argument("--country", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        """Reserve and build in this process; refuse with the console's sentences."""
        connection.set_schema_to_public()
        names = NewTenant.__dataclass_fields__
        answers = {name: value for name, value in options.items() if name in names}
        try:
            answers["host"] = hosts.host_from(options["host"], settings.BASE_DOMAIN)
            tenant = services.create_tenant(NewTenant(**{"schema_name": "", **answers}))
        except (hosts.HostRefused, services.PortalRefused) as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"{tenant.name} is live at {tenant.address}/")
