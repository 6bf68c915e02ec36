"""Open a portal to its first administrator."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from prm import links
from prm.access import Audience, Role
from prm.links.models import ActionLink
from prm.tenancy import context
from users import services
from users.invitations import PURPOSE


class Command(BaseCommand):
    """`manage.py invite_administrator --tenant acme --email ada@acme.example`."""

    help = "Invite an administrator (an operator, in the operators' tenant) and print the link."

    def add_arguments(self, parser: CommandParser) -> None:
        """Tenant, address, and optionally name and language."""
        parser.add_argument("--tenant", required=True, help="schema name of the portal")
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", default="")
        parser.add_argument("--language", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        """Invite, or send the open invitation again, and print the link that the mail carries."""
        operators = options["tenant"] == settings.OPS_SCHEMA
        try:
            with context.entered(options["tenant"]):
                invitation = services.invite(
                    email=options["email"],
                    name=options["name"],
                    audience=Audience.OPERATOR if operators else Audience.VENDOR,
                    roles=[] if operators else [Role.ADMINISTRATOR],
                    language=options["language"],
                    actor=None,
                )
                link = ActionLink.objects.filter(purpose=PURPOSE, subject=invitation.uid).latest(
                    "created_at", "pk"
                )
                self.stdout.write(f"{context.base_url()}{links.path(link)}")
        except context.NoTenant as error:
            raise CommandError(str(error)) from error
        except services.AddressTaken as error:
            raise CommandError(f"{options['email']} is already known to this portal.") from error
