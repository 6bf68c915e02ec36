"""Restore one tenant beside the running others, and put it in its place if asked."""

import argparse
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants import backups
from tenants.backups import manifest


class Command(BaseCommand):
    """`manage.py restore_tenant FILE [--as SCHEMA] [--in-place]`: exit code 1 if a row differs."""

    help = "Restore a backup to a schema of its own; with --in-place, it then takes its tenant's place."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the file, the name of the schema beside, and whether to switch over."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--as", dest="schema", help="default: <schema>_restored")
        parser.add_argument("--in-place", action="store_true", help="the portal must be suspended")

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore, prove, say what was done."""
        began = time.monotonic()
        try:
            said = manifest.peek(options["file"])
            if options["in_place"]:
                backups.require_possible(said.schema)
            side = options["schema"] or f"{said.schema}_restored"
            restored = backups.restore(options["file"], side)
            kept = backups.switch_over(restored) if options["in_place"] else ""
        except backups.BackupRefused as refused:
            raise CommandError(str(refused)) from refused
        where = said.schema if options["in_place"] else restored.schema
        self.stdout.write(
            f"{where}: {said.rows} rows as of {said.taken_at}, equal to what was written;"
            f" {restored.erased} private parts erased again; {time.monotonic() - began:.1f} s."
        )
        if kept:
            self.stdout.write(f"What was there before is kept as {kept}.")
