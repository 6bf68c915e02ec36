"""Verify a receipt: a PDF file, or the reference and digest printed on it."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django_tenants.utils import get_public_schema_name, get_tenant_model

from prm.receipts import Genuine, Mark, read_marks, verify
from prm.tenancy import context


class Command(BaseCommand):
    """Exit code 0 for a genuine receipt, 1 for anything else."""

    help = "Verify a receipt: verify_receipt FILE.pdf, or verify_receipt REFERENCE DIGEST."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("receipt", help="a PDF file, or a reference such as T-7KQ4-M9TX")
        parser.add_argument("digest", nargs="?", help="the digest, with a reference")
        parser.add_argument("--tenant", help="a portal's schema; all portals without it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say whether it is genuine; raises CommandError when it is not."""
        marks = _marks(options["receipt"], options["digest"])
        for schema in _schemas(options["tenant"]):
            try:
                with context.entered(schema):
                    told = [(mark, verify(mark.reference, mark.digest)) for mark in marks]
                    self._say(schema, told)
            except context.NoTenant as error:
                raise CommandError(str(error)) from error
            if told and all(genuine is not None for _mark, genuine in told):
                return
        raise CommandError("Not genuine: no portal here knows this reference with this digest.")

    def _say(self, schema: str, told: list[tuple[Mark, Genuine | None]]) -> None:
        for mark, genuine in told:
            if genuine is not None:
                self.stdout.write(f"{schema}: genuine, {mark.reference}: {genuine.sentence}")
                for label, value in genuine.facts:
                    self.stdout.write(f"  {label}: {value}")


def _marks(receipt: str, digest: str | None) -> list[Mark]:
    if digest is not None:
        return [Mark(receipt, digest)]
    try:
        marks = read_marks(Path(receipt).read_bytes())
    except OSError as error:
        raise CommandError(f"{receipt} cannot be read: {error.strerror}.") from error
    if not marks:
        raise CommandError(f"{receipt} is not a receipt of this kind of portal.")
    return marks


def _schemas(name: str | None) -> list[str]:
    if name is not None:
        return [name]
    tenants = get_tenant_model().objects.exclude(schema_name=get_public_schema_name())
    return list(tenants.order_by("schema_name").values_list("schema_name", flat=True))
