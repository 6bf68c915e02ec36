"""Bring the public schema and every tenant up to date; quick when there is nothing to do."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """`manage.py prepare`: idempotent; run at every start and every deploy."""

    help = "Migrate the public schema and every tenant that is behind."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what a deploy needs before new code serves; exit code 1 if a schema could not follow."""
        call_command("migrate_tenants", stdout=self.stdout, stderr=self.stderr)
