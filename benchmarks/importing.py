"""Importing running deals: a file of 5,000 rows checked, imported and undone, with real commits."""

import csv
import io
import time
from collections.abc import Callable, Iterator

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from benchmarks import database, generator, names, server
from benchmarks.figures import Figure, machine
from catalog.models import ProductLine
from partners.models import Partner
from prm.tenancy import context
from registrations import services
from registrations.imports.columns import COLUMNS
from registrations.models import RegistrationImport
from registrations.services import importing
from users.models import User

ROWS, PARTNERS = 5_000, 40
STATUSES = ("approved", "approved", "approved", "open", "in line")


def run(size: int, say: generator.Say) -> Iterator[Figure]:
    """Import a file beside what the tenant has already, and take it back."""
    with database.copy_of(size, say), context.entered(database.TENANT):
        administrator = User.objects.get(email=generator.ADMINISTRATOR)
        file = services.start_import(_upload(), actor=administrator)
        services.map_import(file, file.mapping, actor=administrator)
        checked = _worked(file)
        services.begin_import(file, actor=administrator)
        imported = _worked(file)
        file.refresh_from_db()
        created = file.created_rows
        services.begin_undo_import(file, actor=administrator)
        undone = _worked(file)
        about = {"rows": ROWS, "created": created, "registrations": size, "clients": 1,
                 "postgresql": server.database_version(), **machine()}  # fmt: skip
        connection.close()
    yield Figure("importing.checked", ROWS / checked, "rows/s", 200, "at least", about)
    yield Figure("importing.imported", ROWS / imported, "rows/s", 20, "at least", about)
    yield Figure("importing.undone", created / undone, "deals/s", 50, "at least", about)


def _worked(file: RegistrationImport) -> float:
    """Do an import's job to its end; return the seconds it took."""
    return _timed(lambda: _work(str(file.uid)))


def _work(uid: str) -> None:
    while importing.work(uid) is not None:
        continue


def _timed(act: Callable[[], None]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def _upload() -> SimpleUploadedFile:
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow([column.label for column in COLUMNS])
    partners = list(Partner.objects.active().order_by("pk").values_list("name", flat=True))
    lines = list(ProductLine.objects.values_list("code", flat=True))
    for number in range(ROWS):
        cells = _row(number, partners[number % min(PARTNERS, len(partners))], lines)
        writer.writerow([cells.get(column.key, "") for column in COLUMNS])
    return SimpleUploadedFile("deals.csv", written.getvalue().encode(), "text/csv")


def _row(number: int, partner: str, lines: list[str]) -> dict[str, str]:
    """A deal; every fifth shares its customer with four others."""
    customer = number // 5 * 5 if number % 5 == 0 else number
    return {
        "old_reference": f"OLD-{number}",
        "partner": partner,
        "company": f"{names.STARTS[number % len(names.STARTS)]} Import {customer % 4_000}",
        "website": f"import-{customer % 4_000}.example" if number % 3 else "",
        "country": "US",
        "product_lines": lines[number % len(lines)],
        "value": f"{10_000 + number}",
        "expected_close": "2040-06-30",
        "status": STATUSES[number % len(STATUSES)],
        "registered_on": f"2025-{1 + number % 12:02}-{1 + number % 28:02} 09:30",
        "protected_until": "2040-01-31",
    }
