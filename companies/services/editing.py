"""Changes to one company: designation, name, country, other names, domains."""

from __future__ import annotations

from django.db import transaction

from companies import matching
from companies.enums import Designation, NameSource
from companies.models import Company, CompanyDomain
from companies.naming import check_name
from companies.policies import can_manage_companies
from companies.services.writing import (
    MAX_DOMAINS,
    TooManyNames,
    checked_country,
    checked_domain,
    locked,
    name_keys,
    refuse_taken,
    write_name,
)
from prm import events
from prm.access import Actor, require
from prm.events import changes


@transaction.atomic
def set_designation(company: Company, designation: str, *, actor: Actor) -> Company:
    """Change whom a company is open to. Records `company.designated` when it differs.

    Raises PermissionDenied, CompanyMerged, Busy; ValueError for an unknown designation.
    """
    require(can_manage_companies(actor))
    company = locked(company)
    wanted = Designation(designation)
    changed = changes.between({"designation": company.designation}, {"designation": wanted.value})
    if changed:
        company.change(designation=wanted)
        data = changes.payload(changed)
        events.record("company.designated", target=company, actor=actor, data=data)
    return company


@transaction.atomic
def rename(company: Company, name: str, *, country: str | None = None, actor: Actor) -> Company:
    """Change a company's name, and its country if given; the old name stays as an alias.

    Records `company.renamed` when something differs. Raises PermissionDenied, NameUnusable,
    CountryUnusable, CompanyMerged, Busy.
    """
    require(can_manage_companies(actor))
    name = check_name(name)
    company = locked(company, *name_keys(name))
    place = company.country if country is None else checked_country(country)
    named = changes.between({"name": company.name}, {"name": name})
    placed = changes.between({"country": company.country}, {"country": place})
    if not named and not placed:
        return company
    if named:
        company.names.filter(active=True, raw=company.name).update(source=NameSource.ALIAS)
        write_name(company, name, NameSource.CONFIRMED)
    company.change(name=name, sort_key=matching.sort_key(name), country=place)
    events.record(
        "company.renamed",
        target=company,
        actor=actor,
        data=changes.payload(placed),
        private=changes.payload(named),
    )
    return company


@transaction.atomic
def add_name(company: Company, name: str, *, actor: Actor) -> Company:
    """Add a spelling under which the company is found from now on; the same one again is fine.

    Records `company.name_added`. Raises PermissionDenied, NameUnusable, TooManyNames,
    CompanyMerged, Busy.
    """
    require(can_manage_companies(actor))
    name = check_name(name)
    company = locked(company, *name_keys(name))
    if write_name(company, name, NameSource.ALIAS):
        events.record("company.name_added", target=company, actor=actor, private={"name": name})
    return company


@transaction.atomic
def add_domain(company: Company, domain: str, *, actor: Actor) -> Company:
    """Add a web domain that says who the company is; its own again is fine.

    Records `company.domain_added`. Raises PermissionDenied, DomainUnusable, DomainTaken,
    TooManyNames, CompanyMerged, Busy.
    """
    require(can_manage_companies(actor))
    domain = checked_domain(domain)
    company = locked(company, f"company-domain:{domain}")
    if company.domains.filter(domain=domain, active=True).exists():
        return company
    refuse_taken(domain)
    if company.domains.count() >= MAX_DOMAINS:
        raise TooManyNames
    CompanyDomain.objects.create(company=company, domain=domain, source=NameSource.CONFIRMED)
    events.record("company.domain_added", target=company, actor=actor, private={"domain": domain})
    return company
