"""What a directory holds besides names: facts, a family, a merge, pairs, and lists at every step."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

from companies import services
from companies.models import Company, CompanyLoad, CompanyMerge
from companies.services import loads, scanning
from users.models import User

HEADER = "Company,Country,Website,Industry"


def plant(word: str, actor: User, keys: dict[str, str]) -> None:
    """Write records whose words are the staff's, and note their names in `keys`."""
    direct = Company.objects.get(name=f"{word} Directly")
    _facts(word, direct, actor)
    parent = services.add_company(name=f"{word} Parent", country="US", actor=actor)
    services.set_parent(direct, parent, actor=actor)
    merge = CompanyMerge.objects.latest("pk")
    for name in (f"{word} Twofold Works Inc", f"{word} Twofold Works Ltd"):
        services.add_company(name=name, country="US", actor=actor)
    scan = scanning.start_scan(actor=actor)
    while scanning.scan_batch(str(scan.uid)) is not None:
        continue
    keys |= {
        "company.parent": str(parent.uid),
        "merge": str(merge.uid),
        "merge.winner": str(merge.winner.uid),
        "company.split": str(direct.uid),
        "company.split.name": str(direct.names.get(raw=f"{word} Alias").pk),
        "list.mapping": str(_list(word, actor, "fresh").uid),
        "list.checked": str(_list(word, actor, "checked", check=True).uid),
        "list.loaded": str(_list(word, actor, "loaded", check=True, load=True).uid),
        "list.discard": str(_list(word, actor, "discarded").uid),
    }


def _facts(word: str, company: Company, actor: User) -> None:
    services.add_number(company, "REGISTER", f"{word} 4711", actor=actor)
    services.add_external_id(company, "crm", f"{word}-1", actor=actor)
    services.add_site(company, services.Place(name=f"{word} site", city="Boston"), actor=actor)


def _list(
    word: str, actor: User, kind: str, *, check: bool = False, load: bool = False
) -> CompanyLoad:
    rows = f"{word} {kind} Listed,US,,\n,US,,\n{word} {kind} Nowhere,Atlantis,,\n"
    content = f"{HEADER}\n{rows}{word} Directly again,US,direct-customer.example,\n".encode()
    upload = SimpleUploadedFile(f"{word}-{kind}.csv", content, "text/csv")
    row = loads.start_load(upload, actor=actor)
    if check:
        loads.map_columns(row, row.mapping, actor=actor)
        _work(row)
    if load:
        loads.begin_loading(row, actor=actor)
        _work(row)
    return row


def _work(row: CompanyLoad) -> None:
    while loads.work(str(row.uid)) is not None:
        continue
