"""Fill the demo's portals; quick when they are there already."""

import gc
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from prm.celery import app as celery
from prm.tenancy.database import connection
from tenants.demo import guard, seed


class Command(BaseCommand):
    """`manage.py seed_demo`: idempotent; only where PRM_DEMO is set and no real portal is near."""

    help = "Make the demo's portals, people and data, through the services of every room."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Portals can be named; then this process makes them all by itself."""
        parser.add_argument("--only", nargs="+", default=[], metavar="SCHEMA")

    def handle(self, *args: Any, **options: Any) -> None:
        """Plant what is missing; refuse a database with a real portal."""
        connection.set_schema_to_public()
        celery.conf.broker_url = "memory://localhost/"  # the seed does its jobs itself
        gc.set_threshold(50_000, 20, 100)
        if not settings.DEMO:
            raise CommandError("The demo's data belongs in a demo: set PRM_DEMO=1.")
        if not guard.only_demo_tenants():
            raise CommandError(
                "This database has a portal that is not a demo; nothing was touched."
            )
        try:
            self._plant(options["only"])
        except seed.PlantedMeanwhile as busy:
            raise CommandError(f"Another seed_demo is making {busy}: wait for it.") from busy

    def _plant(self, only: list[str]) -> None:
        if only:
            seed.plant(only, self._say)
            return
        seed.plant([settings.OPS_SCHEMA], self._say)  # first: it records the opening of the others
        missing = seed.missing()
        with _beside(missing[1:]):
            if missing:
                seed.plant(missing[:1], self._say)
        self.stdout.write("The demo is complete.")

    def _say(self, what: str) -> None:
        self.stdout.write(f"Making {what}")


@contextmanager
def _beside(schemas: list[str]) -> Iterator[None]:
    """Have a second process make other portals meanwhile; it ends when this one does."""
    if not schemas:
        yield
        return
    other = subprocess.Popen(  # noqa: S603 - this very program again
        [sys.executable, "-m", "django", "seed_demo", "--only", *schemas],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE},
    )
    try:
        yield
        if other.wait() != 0:
            raise CommandError(f"Making {', '.join(schemas)} failed; see above.")
    finally:
        if other.poll() is None:
            other.terminate()
            other.wait()
