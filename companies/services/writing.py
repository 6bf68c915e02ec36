"""What all services of this room share: errors, locks, checks, and the writing of names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from companies import matching
from companies.domains import identifying, normalise_domain
from companies.enums import Designation, DesignationSource, NameSource, Standing
from companies.matching import vocabulary
from companies.models import Company, CompanyDomain, CompanyName
from companies.selectors import company_lock_keys
from companies.services.designating import settle
from companies.tasks import ensure_counting
from prm import countries, events, locks
from prm.access import Actor

MAX_NAMES = 60
MAX_DOMAINS = 30
FAMILIES = "company-families"
"""The lock that all changes of parents take, so that two of them make no circle."""


class DomainUnusable(ValueError):
    """The typed domain is none, or many companies share it; the text says which, ready to show."""


class DomainTaken(Exception):
    """The domain belongs to another company; `company` is it."""

    def __init__(self, company: Company) -> None:
        super().__init__(company.name)
        self.company = company


class CompanyMerged(Exception):
    """The company was merged meanwhile; `company` is the one to go on with."""

    def __init__(self, company: Company) -> None:
        super().__init__(company.name)
        self.company = company


class CountryUnusable(ValueError):
    """The country is not a code of two letters that names a country."""


class TooManyNames(Exception):
    """A company has as many names or domains as it may have."""


def create(
    name: str,
    country: str,
    domains: Sequence[str],
    source: NameSource,
    *,
    actor: Actor | None,
    standing: Standing = Standing.PROVISIONAL,
    designation: Designation = Designation.OPEN,
) -> Company:
    """Write a company with its first name and domains. Records `company.added`.

    An open one follows the rules; another designation is a person's word.
    """
    by_rule = designation == Designation.OPEN
    company = Company.objects.create(
        name=name,
        sort_key=matching.sort_key(name),
        country=country,
        standing=standing,
        designation=designation,
        designation_source=DesignationSource.RULE if by_rule else DesignationSource.HAND,
    )
    _insert_names(company, name, source, matching.name_rows(name))  # it has no others yet
    owned = [domain for domain in dict.fromkeys(domains) if domain]
    CompanyDomain.objects.bulk_create(
        [CompanyDomain(company=company, domain=domain, source=source) for domain in owned]
    )
    ensure_counting()
    events.record(
        "company.added",
        target=company,
        actor=actor,
        data={"standing": standing.value, "designation": designation.value, "country": country},
        private={"name": name, "domains": owned},
    )
    return settle(company)


def write_name(company: Company, raw: str, source: NameSource) -> int:
    """Store the comparable forms of a name that the company lacks; returns how many."""
    rows = matching.name_rows(raw)
    compacts = [row["compact"] for row in rows]
    held = company.names.filter(active=True, compact__in=compacts)
    known = set(held.values_list("compact", "norm_version"))
    if source in (NameSource.CONFIRMED, NameSource.ALIAS):
        held.filter(source=NameSource.TYPED).update(source=source)
    fresh = [row for row in rows if (row["compact"], row["norm_version"]) not in known]
    if fresh and company.names.count() + len(fresh) > MAX_NAMES:
        raise TooManyNames
    _insert_names(company, raw, source, fresh)
    return len(fresh)


def _insert_names(
    company: Company, raw: str, source: NameSource, rows: Sequence[dict[str, Any]]
) -> None:
    CompanyName.objects.bulk_create(
        [CompanyName(company=company, raw=raw, source=source, **row) for row in rows]
    )
    with connection.cursor() as cursor:
        vocabulary.remember(cursor, (token for row in rows for token in row["tokens"]))


def locked(company: Company, *keys: str) -> Company:
    """The company as it is now, under its lock and its row's; CompanyMerged if it is gone."""
    locks.hold(*company_lock_keys(company), *keys)
    fresh = Company.objects.select_for_update(of=("self",)).get(pk=company.pk)
    if fresh.merged_into is not None:
        raise CompanyMerged(fresh.merged_into)
    return fresh


def locked_pair(one: Company, other: Company, *keys: str) -> tuple[Company, Company]:
    """Two companies as they are now, under both locks; CompanyMerged if one is gone."""
    locks.hold(*company_lock_keys(one), *company_lock_keys(other), *keys)
    wanted = Company.objects.filter(Q(pk=one.pk) | Q(pk=other.pk)).order_by("pk")
    rows = {row.pk: row for row in wanted.select_for_update(of=("self",))}
    for row in rows.values():
        if row.merged_into is not None:
            raise CompanyMerged(row.merged_into)
    return rows[one.pk], rows[other.pk]


def name_keys(name: str) -> list[str]:
    """The locks of a name: one for each of its forms."""
    return [f"company-name:{form.compact}" for form in matching.versions.every_form(name)]


def refuse_taken(domain: str) -> None:
    """Raise DomainTaken if another company has the domain."""
    owner = Company.objects.at_domain(domain).first()
    if owner is not None:
        raise DomainTaken(owner)


def checked_domain(typed: str) -> str:
    """The identifying domain in what was typed; raises DomainUnusable with a sentence."""
    if not normalise_domain(typed):
        raise DomainUnusable(_("Enter a web domain like example.com."))
    domain = identifying(typed)
    if not domain:
        raise DomainUnusable(_("Many companies share this domain, so it says nothing about one."))
    return domain


def checked_country(country: str) -> str:
    """The country's code in capitals, or nothing; raises CountryUnusable."""
    code = country.strip().upper()
    if code and not countries.is_country(code):
        raise CountryUnusable(country)
    return code
