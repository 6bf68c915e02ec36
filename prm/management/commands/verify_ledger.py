"""Verify the event ledger of one tenant or of all."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django_tenants.utils import get_public_schema_name, get_tenant_model

from prm.events.verify import verify_tenant, write_extract
from prm.tenancy import context


class Command(BaseCommand):
    """Prints one line per tenant; fails when a chain is broken."""

    help = "Verify the event ledger: prints the first break of each tenant's chain, if any."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("schema", nargs="?", help="a tenant's schema; all tenants without it")
        parser.add_argument("--head", help="a digest from outside that the chain must contain")
        parser.add_argument("--extract", help="also write an extract for offline verification here")
        parser.add_argument(
            "--private", action="store_true", help="include private parts in the extract"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify; raises CommandError when a chain is broken."""
        schema = options["schema"]
        if schema is None and (options["head"] or options["extract"]):
            raise CommandError("Name one tenant's schema with --head or --extract.")
        broken = [name for name in self._schemas(schema) if not self._verify(name, options)]
        if broken:
            raise CommandError("The ledger is broken: " + ", ".join(broken))

    def _schemas(self, schema: str | None) -> list[str]:
        if schema is not None:
            return [schema]
        tenants = get_tenant_model().objects.exclude(schema_name=get_public_schema_name())
        return list(tenants.order_by("schema_name").values_list("schema_name", flat=True))

    def _verify(self, schema: str, options: dict[str, Any]) -> bool:
        try:
            with context.entered(schema):
                verdict = verify_tenant(head=options["head"])
                if options["extract"]:
                    with open(options["extract"], "w", encoding="utf-8") as stream:
                        write_extract(stream, actor=None, private=options["private"])
        except context.NoTenant as error:
            raise CommandError(str(error)) from error
        if verdict.broken is None:
            self.stdout.write(f"{schema}: holds, {verdict.count} links, head {verdict.head}")
        else:
            self.stdout.write(f"{schema}: BROKEN at {verdict.broken}")
        return verdict.holds
