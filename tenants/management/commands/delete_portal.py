"""Delete a portal without a trace, now or after a time in which it can be cancelled."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError

from prm.tenancy.database import connection
from tenants import removal, selectors, services
from tenants.models import Tenant


class Command(BaseCommand):
    """`manage.py delete_portal HOST --name NAME --reason TEXT [--days N | --now]`, or `--cancel`."""

    help = "Suspend a portal and delete everything it holds when its day has come."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which portal, that it is meant, why, and when."""
        parser.add_argument("host")
        parser.add_argument("--name", default="", help="the portal's name, to confirm")
        parser.add_argument("--reason", default="")
        when = parser.add_mutually_exclusive_group()
        when.add_argument("--days", type=int, default=removal.DAYS)
        when.add_argument("--now", action="store_true", help="delete it before this returns")
        when.add_argument("--cancel", action="store_true", help="keep it after all")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask for the deletion, do it, or cancel it; say why not."""
        connection.set_schema_to_public()
        tenant = selectors.portal_at(options["host"])
        if tenant is None or tenant.is_reserved:
            raise CommandError(f"No portal that can be deleted answers at {options['host']}.")
        try:
            self.stdout.write(self._act(tenant, options))
        except services.NotPossibleNow as refused:
            raise CommandError(str(refused)) from refused

    def _act(self, tenant: Tenant, options: dict[str, Any]) -> str:
        if options["cancel"]:
            removal.cancel_deletion(tenant, actor=None)
            return f"{tenant.name} is kept; it is suspended until it is resumed."
        if options["name"] != tenant.name:
            raise CommandError(f"Confirm with --name {tenant.name!r}.")
        if not options["reason"]:
            raise CommandError("Say why with --reason.")
        if options["days"] < 1:
            raise CommandError("At least one day, or --now.")
        days = 0 if options["now"] else options["days"]
        tenant = removal.ask_deletion(tenant, reason=options["reason"], actor=None, days=days)
        if not options["now"]:
            return f"{tenant.name} is suspended and is deleted at {tenant.delete_at:%Y-%m-%d %H:%M} UTC."
        try:
            gone = removal.delete_now(tenant)
        except OperationalError as busy:
            raise CommandError(f"Not yet: the next tick goes on with it. {busy}") from busy
        if not gone:
            raise CommandError("Another process deletes it at this moment.")
        return f"{tenant.name} is deleted: schema, files, cache keys, jobs and rows."
