"""What the directory knows about the rows of a batch: some dozen queries, however many rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from companies import matching
from companies.enums import NameSource
from companies.loads.cleaning import Entry
from companies.loads.planning import Found, Known, contradicts
from companies.models import (
    Company,
    CompanyDomain,
    CompanyName,
    CompanyNumber,
    CompanySite,
    ExternalId,
)

TRUSTED = frozenset({NameSource.CONFIRMED, NameSource.ALIAS, NameSource.IMPORT})


@dataclass(slots=True)
class Directory:
    """The companies that a batch's rows may mean, by what leads to them."""

    domains: dict[str, int] = field(default_factory=dict)
    numbers: dict[tuple[str, str], int] = field(default_factory=dict)
    external_ids: dict[tuple[str, str], int] = field(default_factory=dict)
    names: dict[tuple[str, str], dict[int, bool]] = field(default_factory=dict)
    known: dict[int, Known] = field(default_factory=dict)

    def found(self, entry: Entry) -> Found:
        """Where a row's evidence leads."""
        domains = {self.domains[domain] for domain in entry.domains if domain in self.domains}
        number = self.numbers.get(entry.number[:2]) if entry.number else None
        external = self.external_ids.get(entry.external_id) if entry.external_id else None
        return Found(external, number, frozenset(domains), self._named(entry))

    def _named(self, entry: Entry) -> tuple[int, ...]:
        """The companies of that name and country; those a person named so before all others.

        A company that the row contradicts is another one, whatever its name.
        """
        carriers = {
            pk: is_trusted
            for compact in entry.compacts
            for pk, is_trusted in self.names.get((compact, entry.country), {}).items()
            if pk not in self.known or not contradicts(entry, self.known[pk])
        }
        trusted = tuple(pk for pk, is_trusted in carriers.items() if is_trusted)
        return trusted or tuple(carriers)


def look_up(entries: Sequence[Entry]) -> Directory:
    """Read what is known about the entries' companies."""
    found = _evidence(entries)
    found.known = _known(_meant(found))
    return found


def who_is_meant(entries: Sequence[Entry]) -> set[int]:
    """The companies that the entries may mean; cheaper, for locks."""
    return _meant(_evidence(entries))


def _evidence(entries: Sequence[Entry]) -> Directory:
    found = Directory()
    domains = {domain for entry in entries for domain in entry.domains}
    rows = CompanyDomain.objects.filter(domain__in=domains, active=True)
    found.domains = dict(rows.values_list("domain", "company_id"))
    numbers = {entry.number[1] for entry in entries if entry.number}
    for scheme, value, pk in CompanyNumber.objects.filter(value__in=numbers).values_list(
        "scheme", "value", "company_id"
    ):
        found.numbers[scheme, value] = pk
    ids = {entry.external_id[1] for entry in entries if entry.external_id}
    for system, value, pk in ExternalId.objects.filter(value__in=ids).values_list(
        "system", "value", "company_id"
    ):
        found.external_ids[system, value] = pk
    for compact, country, pk, is_trusted in named(
        compact for entry in entries for compact in entry.compacts
    ):
        carriers = found.names.setdefault((compact, country), {})
        carriers[pk] = is_trusted or carriers.get(pk, False)
    return found


def _meant(found: Directory) -> set[int]:
    meant = {*found.domains.values(), *found.numbers.values(), *found.external_ids.values()}
    meant.update(pk for carriers in found.names.values() for pk in carriers)
    return meant


def named(compacts: Iterable[str]) -> list[tuple[str, str, int, bool]]:
    """Who carries exactly these names: (compact name, country, company, whether on a person's word)."""
    wanted = set(compacts)
    if not wanted:
        return []
    rows = CompanyName.objects.filter(
        active=True,
        keys__overlap=[matching.compact_key(compact) for compact in wanted],
        compact__in=wanted,
        company__merged_into=None,
    ).values_list("compact", "company__country", "company_id", "source")
    return [(compact, country, pk, source in TRUSTED) for compact, country, pk, source in rows]


def _known(pks: set[int]) -> dict[int, Known]:
    """Everything the planning compares with, of these companies."""
    if not pks:
        return {}
    rows = Company.objects.filter(pk__in=pks).values_list(
        "pk", "country", "designation", "designation_source", "industry__code"
    )
    known = {pk: Known(pk, place, said, by, code or "") for pk, place, said, by, code in rows}
    of = {"company__in": known}
    for pk, compact in CompanyName.objects.filter(active=True, **of).values_list(
        "company_id", "compact"
    ):
        known[pk].names.add(compact)
        known[pk].named += 1
    for pk, domain in CompanyDomain.objects.filter(active=True, **of).values_list(
        "company_id", "domain"
    ):
        known[pk].domains.add(domain)
    for pk, scheme, value in CompanyNumber.objects.filter(**of).values_list(
        "company_id", "scheme", "value"
    ):
        known[pk].numbers.add((scheme, value))
    for pk, system, value in ExternalId.objects.filter(**of).values_list(
        "company_id", "system", "value"
    ):
        known[pk].external_ids.add((system, value))
    for pk, *parts in CompanySite.objects.filter(**of).values_list(
        "company_id", "name", "street", "postcode", "city"
    ):
        known[pk].sites.add(tuple(part.casefold() for part in parts))
    return known
