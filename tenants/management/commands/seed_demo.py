"""Fill the demo's portals; quick when they are there already."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from prm.tenancy.database import connection

from tenants.demo import guard, seed


class Command(BaseCommand):
    """`manage.py seed_demo`: idempotent; only where PRM_DEMO is set and no real portal is near."""

    help = "Make the demo's portals, people and data, through the services of every room."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Plant what is missing; refuse a database with a real portal."""
        connection.set_schema_to_public()
        if not settings.DEMO:
            raise CommandError("The demo's data belongs in a demo: set PRM_DEMO=1.")
        if not guard.only_demo_tenants():
            raise CommandError(
                "This database has a portal that is not a demo; nothing was touched."
            )
        seed.plant(lambda what: self.stdout.write(f"Making {what}"))
        self.stdout.write("The demo is complete.")
