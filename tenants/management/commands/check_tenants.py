"""Fail if a schema is not as it should be: tables, migrations, and every name the other tenants have."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants import drift

SHOWN = 10


class Command(BaseCommand):
    """`manage.py check_tenants`: exit code 1 and, schema by schema, what differs."""

    help = "Compare public and every tenant with this code, and the tenants with each other."

    def handle(self, *args: Any, **options: Any) -> None:
        """Report what differs and keep it for the operators' pages."""
        check = drift.check()
        for schema, sentences in sorted(check.findings.items()):
            for sentence in sentences[:SHOWN]:
                self.stderr.write(f"{schema} {sentence}")
            if len(sentences) > SHOWN:
                self.stderr.write(f"{schema} differs in {len(sentences) - SHOWN} more")
        if check.findings:
            raise CommandError(
                f"{len(check.findings)} of {check.schemas} schemas are not as they should be."
            )
        self.stdout.write(f"{check.schemas} schemas are as they should be ({check.seconds:.1f} s).")
