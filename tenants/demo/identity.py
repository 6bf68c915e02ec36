"""The demo's families, numbers, sites, lists, a merge that can be undone, and pending duplicates."""

import io

from django.core.files.uploadedfile import InMemoryUploadedFile

from companies import services
from companies.enums import Relation
from companies.models import Company, CompanyLoad
from companies.services import loads, scanning
from tenants.demo.companies import Customer
from users.models import User

NUMBERS = ("DE129273398", "ATU12011204", "NL004495445B01", "GB980780684")
"""VAT numbers whose check digits are right; whom they belong to does not matter here."""
ACCOUNTS = """Company,Website,Country,Designation,Parent,External ID,City
Kingsbridge Group,kingsbridge.example,US,direct,,ACC-1001,Boston
Kingsbridge Logistics,kingsbridge-logistics.example,US,direct,Kingsbridge Group,ACC-1002,Newark
Kingsbridge Foods,kingsbridge-foods.example,CA,direct,Kingsbridge Group,ACC-1003,Toronto
Kingsbridge Fuels,,US,direkt,Kingsbridge Group,ACC-1004,Houston
,nobody.example,US,direct,,ACC-1005,Denver
Quayside Works,quayside@gmail.com,US,direct,,ACC-1006,Portland
Saltmarsh Mills,saltmarsh.example,Atlantis,direct,,ACC-1007,Bath
"""


def plant(customers: list[Customer], actor: User) -> None:
    """Give the directory what its pages show; the same every time."""
    _facts(customers, actor)
    _family(customers, actor)
    _merge(customers, actor)
    _list(actor, ACCOUNTS, "named-accounts.csv", load=True)
    _list(
        actor,
        ACCOUNTS.replace("Kingsbridge", "Queensbridge")
        .replace("ACC-", "NEW-")
        .replace("kingsbridge", "queensbridge"),
        "partners-wishlist.csv",
        load=False,
    )
    _duplicates(customers, actor)


def _facts(customers: list[Customer], actor: User) -> None:
    for at, customer in enumerate(customers[:12]):
        company = customer.company
        services.add_number(company, "DUNS", f"{150483782 + at}", actor=actor)
        services.add_external_id(company, "crm", f"A-{2000 + at}", actor=actor)
    for customer, number in zip(customers, NUMBERS, strict=False):
        services.add_number(customer.company, "VAT", number, actor=actor)
    place = services.Place(name="Head office", street="1 Harbour Road", city="Portsmouth")
    services.add_site(customers[0].company, place, actor=actor)


def _family(customers: list[Customer], actor: User) -> None:
    """A parent with three subsidiaries, and two sister companies."""
    parent, *rest = (customer.company for customer in customers[:6])
    for company in rest[:3]:
        services.set_parent(company, parent, actor=actor)
    services.remember_related(rest[3], rest[4], Relation.SIBLING, actor=actor)


def _merge(customers: list[Customer], actor: User) -> None:
    """A second entry of a customer, merged; its undo is on the page."""
    customer = customers[6]
    twice = services.add_company(
        name=f"{customer.name.rsplit(' ', 1)[0]} Holdings", country=customer.country, actor=actor
    )
    services.confirm_as(twice, customer.company, actor=actor)


def _list(actor: User, text: str, name: str, *, load: bool) -> CompanyLoad:
    content = text.encode()
    upload = InMemoryUploadedFile(io.BytesIO(content), "file", name, "text/csv", len(content), None)
    row = loads.start_load(upload, actor=actor)
    loads.map_columns(row, row.mapping, actor=actor)
    _work(str(row.uid))
    if load:
        loads.begin_loading(row, actor=actor)
        _work(str(row.uid))
    return row


def _work(uid: str) -> None:
    while loads.work(uid) is not None:
        continue


def _duplicates(customers: list[Customer], actor: User) -> None:
    """Some customers in a second spelling, and the search that has found them.

    The walk begins at these, because the whole directory takes longer than a demo may.
    """
    before = Company.objects.order_by("-pk").values_list("pk", flat=True)[0]
    for customer in customers[8:14]:
        services.add_company(name=customer.spellings[3], country=customer.country, actor=actor)
    scan = scanning.start_scan(actor=actor)
    scan.cursor, scan.total = before, 6
    scan.save(update_fields=["cursor", "total"])
    while scanning.scan_batch(str(scan.uid)) is not None:
        continue
