"""Fail if no worker has lately done what beat asked for; for the health check of a container."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from prm.health import STALE_SECONDS, heartbeat_age


class Command(BaseCommand):
    """`manage.py check_heartbeat`: exit code 1 when the last heartbeat is older than /readyz allows."""

    help = "Check that beat, the queue, a worker and the database did something lately."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how old the last heartbeat is."""
        age = heartbeat_age()
        if age is None or age > STALE_SECONDS:
            raise CommandError("There has been no heartbeat lately.")
        self.stdout.write(f"The last heartbeat is {age:.0f} s old.")
