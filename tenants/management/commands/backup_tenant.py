"""Back up one tenant: its schema, its files and its rows in public, in one file."""

import argparse
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants import backups


class Command(BaseCommand):
    """`manage.py backup_tenant SCHEMA --to FILE`: beside the running others; docs/deploy.md says what it covers."""

    help = "Write one tenant's schema, files and rows in public to one file."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add which tenant, and to which file."""
        parser.add_argument("schema")
        parser.add_argument("--to", type=Path, required=True, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        """Take the backup and say what is in it."""
        began = time.monotonic()
        try:
            said = backups.take(options["schema"], options["to"])
        except backups.BackupRefused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(
            f"{said.schema}: {said.rows} rows of {len(said.tables)} tables and {len(said.files)} files"
            f" in {time.monotonic() - began:.1f} s."
        )
