"""Say how the installation and every portal are."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.core.serializers.json import DjangoJSONEncoder
from django.template.defaultfilters import filesizeformat

from tenants import health


class Command(BaseCommand):
    """`manage.py portals_status [--json]`: what the console's page of health shows."""

    help = "Show every portal with its state and figures, and what all of them share."

    def add_arguments(self, parser: CommandParser) -> None:
        """For people, or for programs."""
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it."""
        report = health.report()
        if options["json"]:
            self.stdout.write(json.dumps(report, cls=DjangoJSONEncoder))
            return
        shared = report["installation"]
        self.stdout.write(
            f"last heartbeat {shared['silent_seconds']} s ago, {shared['queue']} jobs wait,"
            f" {shared['connections']} of {shared['most_connections']} connections,"
            f" {filesizeformat(shared['size'])}"
        )
        for portal in report["portals"]:
            missing = f", LACKS {', '.join(portal['missing'])}" if portal["missing"] else ""
            self.stdout.write(
                f"{portal['schema']}: {portal['state']}, {filesizeformat(portal['size'])},"
                f" {portal['backlog']} due, {portal['parked']} parked,"
                f" {portal['failed_mails']} failed and {portal['uncertain_mails']} uncertain mails{missing}"
            )
