"""Bring public and every tenant that is behind up to date; a run that was killed is started again."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants import rollout


def positive(text: str) -> int:
    """Return a number of at least one; argparse turns the error into a sentence."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


class Command(BaseCommand):
    """`manage.py migrate_tenants`: exit code 1 and the names of the schemas that could not be migrated."""

    help = "Migrate public, then every tenant that is behind, several at a time."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add how many processes, and how many schemas each migrates before it ends."""
        parser.add_argument("--jobs", type=positive, default=rollout.JOBS)
        parser.add_argument("--each", type=positive, default=rollout.EACH)
        parser.add_argument("--check", action="store_true", help="only name what is behind")

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, and say so schema by schema."""
        if options["check"]:
            self._check()
            return
        failed = []
        for outcome in rollout.run(jobs=options["jobs"], each=options["each"]):
            if outcome.error:
                failed.append(outcome.schema)
                self.stderr.write(f"{outcome.schema}: {outcome.error}")
            else:
                self.stdout.write(f"{outcome.schema}: up to date ({outcome.seconds:.1f} s)")
            self.stdout.flush()
        if failed:
            raise CommandError(
                f"{len(failed)} of the schemas could not be migrated: {', '.join(failed)}."
            )

    def _check(self) -> None:
        if behind := rollout.outdated():
            raise CommandError(f"Behind: {', '.join(behind)}.")
        self.stdout.write("Nothing is behind.")
