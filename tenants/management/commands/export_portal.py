"""Write everything of one portal into an archive for its vendor."""

import shutil
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from prm.tenancy.database import connection
from tenants import exports, selectors, services


class Command(BaseCommand):
    """`manage.py export_portal HOST [--to FILE]`."""

    help = "Export a portal: its tables, its files and its ledger, in one archive."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which portal, and where a copy goes."""
        parser.add_argument("host")
        parser.add_argument("--to", type=Path, help="also copy the archive to this file")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the archive before this returns, or say why not."""
        connection.set_schema_to_public()
        tenant = selectors.portal_at(options["host"])
        if tenant is None or tenant.is_reserved:
            raise CommandError(f"No portal that can be exported answers at {options['host']}.")
        try:
            export = exports.ask_export(tenant, actor=None)
        except services.NotPossibleNow as refused:
            raise CommandError(str(refused)) from refused
        if not exports.write(export):
            raise CommandError("Another process writes it at this moment.")
        path = exports.path_of(export)
        if options["to"]:
            path = Path(shutil.copyfile(path, options["to"]))
        self.stdout.write(f"{path}: {export.size} bytes, SHA-256 {export.sha256}")
