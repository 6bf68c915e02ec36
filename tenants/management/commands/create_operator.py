"""Invite somebody to operate this installation; the first time, make the operators' portal too."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from prm.access import Audience
from prm.tenancy import context
from prm.tenancy.database import connection
from tenants.models import Tenant
from tenants.services import NewTenant, create_tenant
from users.services import AddressTaken, invite


class Command(BaseCommand):
    """`manage.py create_operator NAME E-MAIL`: the invitation is mailed."""

    help = "Invite an operator; a fresh installation gets the operators' portal first."

    def add_arguments(self, parser: CommandParser) -> None:
        """Who it is."""
        parser.add_argument("name")
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the tenant if it is missing, then invite."""
        connection.set_schema_to_public()
        ops = Tenant.objects.filter(schema_name=settings.OPS_SCHEMA).first()
        if ops is None:
            host = f"{settings.OPS_SCHEMA}.{settings.BASE_DOMAIN}"
            ops = create_tenant(NewTenant(settings.OPS_SCHEMA, "Operators", host))
        with context.entered(ops.schema_name):
            try:
                invite(
                    email=options["email"],
                    name=options["name"],
                    audience=Audience.OPERATOR,
                    actor=None,
                )
            except AddressTaken as taken:
                raise CommandError(f"{options['email']} is an operator already.") from taken
        self.stdout.write(f"An invitation to {ops.address}/ is on its way to {options['email']}.")
