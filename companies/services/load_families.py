"""Parents that a list names: linked once all of its companies are there, so order does not matter."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from companies.domains import identifying
from companies.loads.cleaning import DEFAULT_SYSTEM, Entry
from companies.loads.lookup import named
from companies.matching import versions
from companies.models import Company, CompanyDomain, CompanyLoad, ExternalId, LoadRow
from companies.services.families import FamilyCircle, put_below
from companies.services.writing import FAMILIES
from prm import locks

BATCH = 200


def link_batch(load: CompanyLoad) -> bool:
    """Link the next parents; returns whether there may be more. Wants the load's lock."""
    wanted = LoadRow.objects.filter(load=load, has_parent=True, company__isnull=False)
    rows = list(wanted.select_related("company__parent").order_by("line")[:BATCH])
    if not rows:
        return False
    locks.hold(FAMILIES, *(f"company:{row.company_id}" for row in rows))
    found = _parents(rows)
    for row in rows:
        _link(load, row, found.get(row.pk))
    LoadRow.objects.bulk_update(rows, ["has_parent", "cause", "undo"])
    return True


def _link(load: CompanyLoad, row: LoadRow, parent: Company | None) -> None:
    row.has_parent = False
    company = row.company
    if company is None or company.merged_into_id is not None:
        return
    if parent is None:
        row.cause = "parent-unknown"
        return
    before = company.parent_id
    try:
        with transaction.atomic():
            put_below(company, parent, load.by)
    except FamilyCircle:
        row.cause = "parent-circle"
        return
    if before != parent.pk:
        row.undo = {
            **row.undo,
            "parent": [before, parent.pk],
            "stamp": company.updated_at.isoformat(),
        }


def _parents(rows: Sequence[LoadRow]) -> dict[int, Company]:
    """Which company each row's parent is: by external id, own domain, else exact name."""
    words = {row.pk: Entry.from_json(row.values).parent for row in rows}
    by_id = _by_external_id(set(words.values()))
    by_domain = _by_domain(set(words.values()))
    by_name = _by_name(set(words.values()))
    keys: dict[int, int] = {}
    for row in rows:
        text = words[row.pk]
        country = row.company.country if row.company else ""
        found = by_id.get(text) or by_domain.get(text) or _one(by_name.get(text, []), country)
        if found and found != row.company_id:
            keys[row.pk] = found
    companies = Company.objects.current().in_bulk(set(keys.values()))
    return {pk: companies[key] for pk, key in keys.items() if key in companies}


def _by_external_id(texts: set[str]) -> dict[str, int]:
    split = {}
    for text in texts:
        system, colon, value = text.partition(":")
        split[text] = (system.strip().lower(), value.strip()) if colon else (DEFAULT_SYSTEM, text)
    held = ExternalId.objects.filter(value__in={value for _system, value in split.values()})
    known = {
        (system, value): pk
        for system, value, pk in held.values_list("system", "value", "company_id")
    }
    return {text: known[pair] for text, pair in split.items() if pair in known}


def _by_domain(texts: set[str]) -> dict[str, int]:
    domains = {text: identifying(text) for text in texts if "." in text and " " not in text}
    held = CompanyDomain.objects.filter(domain__in=set(domains.values()), active=True)
    known = dict(held.values_list("domain", "company_id"))
    return {text: known[domain] for text, domain in domains.items() if domain in known}


def _by_name(texts: set[str]) -> dict[str, list[tuple[str, int]]]:
    compacts = {text: versions.compacts(text) for text in texts}
    carriers: dict[str, list[tuple[str, int]]] = {}
    for compact, country, pk, is_trusted in named(
        compact for some in compacts.values() for compact in some
    ):
        if is_trusted:
            carriers.setdefault(compact, []).append((country, pk))
    return {
        text: [one for compact in some for one in carriers.get(compact, [])]
        for text, some in compacts.items()
    }


def _one(carriers: Sequence[tuple[str, int]], country: str) -> int | None:
    """The only carrier of a name, or the only one in the country."""
    every = {pk for _country, pk in carriers}
    near = {pk for place, pk in carriers if place == country}
    for found in (every, near):
        if len(found) == 1:
            return next(iter(found))
    return None
