"""Files of running deals for tests, and the way through an import."""

import csv
import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Q, QuerySet

from companies.models import Company, CompanyName
from prm import due
from prm.due.models import DueRow
from registrations import services
from registrations.enums import ImportState
from registrations.imports.columns import COLUMNS, propose
from registrations.models import (
    Protection,
    ProtectionHolder,
    Registration,
    RegistrationConflict,
    RegistrationImport,
    RegistrationImportRow,
)

ROW = {
    "old_reference": "OLD-1",
    "partner": "Harbor",
    "owner": "pat@harbor.example",
    "company": "Initech",
    "website": "",
    "country": "US",
    "product_lines": "CRM Suite",
    "value": "12,500",
    "currency": "USD",
    "expected_close": "2031-06-30",
    "stage": "Proposal",
    "status": "approved",
    "registered_on": "2026-05-04 09:30",
    "approved_on": "2026-05-06",
    "protected_until": "2031-03-14",
    "contact_name": "Bill Lumbergh",
    "contact_email": "bill@initech.example",
    "description": "Everything new",
}
HEADER = [str(column.label) for column in COLUMNS]


def row(number: int = 1, **cells: str) -> dict[str, str]:
    """One row; by its number it has an old reference and a customer of its own."""
    own = {"old_reference": f"OLD-{number}", "company": f"Customer {number} Works"}
    return {**ROW, **own, **cells}


def content(*rows: dict[str, str], delimiter: str = ",") -> bytes:
    """The rows as a file."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=delimiter)
    writer.writerow(HEADER)
    for cells in rows:
        writer.writerow([cells.get(column.key, "") for column in COLUMNS])
    return written.getvalue().encode()


def upload(data: bytes, name: str = "deals.csv") -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, data, "text/csv")


def mapped(*rows: dict[str, str], actor: Any, **more: Any) -> RegistrationImport:
    """A file whose check has been asked for."""
    file = services.start_import(upload(content(*rows)), actor=actor)
    mapping = dict(propose(file.header, {}).mapping)
    return services.map_import(file, mapping, actor=actor, **more)


def checked(*rows: dict[str, str], actor: Any, **more: Any) -> RegistrationImport:
    """A file that has been checked."""
    file = mapped(*rows, actor=actor, **more)
    due.drain()
    file.refresh_from_db()
    assert file.state == ImportState.CHECKED
    return file


def imported(*rows: dict[str, str], actor: Any, **more: Any) -> RegistrationImport:
    """A file that has been imported."""
    file = checked(*rows, actor=actor, **more)
    services.begin_import(file, actor=actor)
    due.drain()
    file.refresh_from_db()
    assert file.state == ImportState.DONE
    return file


def undone(file: RegistrationImport, actor: Any) -> RegistrationImport:
    """An import that has been taken back."""
    services.begin_undo_import(file, actor=actor)
    due.drain()
    file.refresh_from_db()
    assert file.state == ImportState.UNDONE
    return file


def outcomes(file: RegistrationImport) -> list[tuple[str, str]]:
    """What becomes of each row, and the first cause."""
    lines = RegistrationImportRow.objects.filter(file=file).order_by("number")
    return list(lines.values_list("outcome", "cause"))


def everything() -> dict[str, list[str]]:
    """Every row that an import may write, but for times and the ledger's counter."""
    jobs = Q(kind__startswith="registrations.import") | Q(kind="companies.recount")
    found = {"DueRow": _values(DueRow.objects.exclude(jobs))}
    for model in (Registration, Protection, ProtectionHolder, RegistrationConflict, Company):
        found[model.__name__] = _values(model._default_manager.all())
    return found | {"CompanyName": _values(CompanyName.objects.all())}


def _values(rows: QuerySet[Any]) -> list[str]:
    return sorted(
        str({name: value for name, value in each.items() if name != "updated_at"})
        for each in rows.values()
    )
