"""The deals that ran elsewhere before: one file, imported, with two rows that could not be."""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta

from django.core.files.uploadedfile import InMemoryUploadedFile

from partners.models import Partner
from prm import clock
from registrations import services
from registrations.imports.columns import COLUMNS
from registrations.services import importing
from tenants.demo import catalog
from tenants.demo.people import Cast
from tenants.demo.plans import Plan

FILE = "deals-from-the-old-portal.csv"
CUSTOMERS = (
    ("Larkfield Foods", "larkfield.example", "US"),
    ("Brookmere Health", "brookmere.example", "GB"),
    ("Steinach Anlagenbau GmbH", "steinach-anlagen.example", "DE"),
    ("Polderweg Logistics BV", "polderweg.example", "NL"),
    ("Nordlys Energi AS", "nordlys-energi.example", "NO"),
    ("Atelier Rivoli SA", "rivoli-atelier.example", "FR"),
    ("Quarrytown Schools", "", "US"),
    ("Weidenbach Papier AG", "weidenbach.example", "AT"),
)
STATUSES = ("approved", "approved", "in review", "approved", "approved", "open", "approved", "open")
STAGES = (
    "proposal",
    "negotiation",
    "qualified",
    "proposal",
    "committed",
    "prospect",
    "qualified",
    "",
)


def plant(plan: Plan, cast: Cast) -> None:
    """Import the file, as its administrator would have just now."""
    content = _file(plan, cast).encode()
    upload = InMemoryUploadedFile(io.BytesIO(content), "file", FILE, "text/csv", len(content), None)
    file = services.start_import(upload, actor=cast.administrator)
    services.map_import(file, file.mapping, actor=cast.administrator)
    _work(str(file.uid))
    services.begin_import(file, actor=cast.administrator)
    _work(str(file.uid))


def _file(plan: Plan, cast: Cast) -> str:
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow([column.label for column in COLUMNS])
    for cells in _rows(plan, cast):
        writer.writerow([cells.get(column.key, "") for column in COLUMNS])
    return written.getvalue()


def _rows(plan: Plan, cast: Cast) -> Iterator[dict[str, str]]:
    """A deal per customer, one in line behind the first, and two with something wrong."""
    partners = [partner for partner in cast.partners if partner.ended_at is None]
    for number in range(len(CUSTOMERS)):
        partner = partners[number % len(partners)]
        yield _row(plan, cast, partner, number)
    behind = _row(plan, cast, partners[1], 0)
    yield behind | {"old_reference": "OPP-2008", "status": "in line"} | _later(30)
    wrong = _row(plan, cast, partners[0], 1)
    yield wrong | {"old_reference": "OPP-2009", "partner": "Somebody Gone Ltd", "owner": ""}
    yield _row(plan, cast, partners[2], 0) | {"old_reference": "OPP-2010"} | _later(20)


def _later(days: int) -> dict[str, str]:
    """Registered so many days ago; when it was approved is not known."""
    return {"registered_on": _day(-days), "approved_on": ""}


def _row(plan: Plan, cast: Cast, partner: Partner, number: int) -> dict[str, str]:
    company, website, country = CUSTOMERS[number]
    sellers = cast.sellers.get(partner.pk, [])
    lines = catalog.LINES[plan.schema]
    return {
        "old_reference": f"OPP-{2000 + number}",
        "partner": partner.name,
        "owner": sellers[0].email if sellers else "",
        "company": company,
        "website": website,
        "country": country,
        "product_lines": lines[number % len(lines)].name,
        "value": f"{18_500 + 7_250 * number}",
        "currency": plan.currency,
        "expected_close": _day(60 + 15 * number),
        "stage": STAGES[number],
        "status": STATUSES[number],
        "registered_on": f"{_day(-80 + 5 * number)} 09:{10 + number}",
        "approved_on": f"{_day(-78 + 5 * number)} 15:30",
        "protected_until": _day(25 + 12 * number),
    }


def _day(days: int) -> str:
    return (clock.now() + timedelta(days=days)).date().isoformat()


def _work(uid: str) -> None:
    while importing.work(uid) is not None:
        continue
