"""Changes to one company: designation, name, country, other names, domains."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from companies import matching
from companies.enums import Designation, DesignationSource, NameSource
from companies.models import Company, CompanyDomain, CompanyName
from companies.naming import check_name
from companies.policies import can_manage_companies
from companies.services.designating import ask_below, settle
from companies.services.memory import outdate
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
from prm import clock, events, portal
from prm.access import Actor, require
from prm.events import changes


class NameNeeded(ValueError):
    """The name cannot be taken away; the text says why, ready to show."""


class ContactAhead(ValueError):
    """The vendor's own last contact is not in the future; the text says so, ready to show."""


@transaction.atomic
def set_designation(company: Company, designation: str, *, actor: Actor) -> Company:
    """Say whom a company is open to, or, with RULE, that the rules say so again.

    A person's word stays whatever lists and rules say. Companies that it owns are looked at again,
    because rules may ask their parent. Records `company.designated` when something differs. Raises
    PermissionDenied, CompanyMerged, Busy; ValueError for an unknown designation.
    """
    require(can_manage_companies(actor))
    company = locked(company)
    source = DesignationSource.HAND
    if designation == DesignationSource.RULE:
        source, designation = DesignationSource.RULE, company.designation
    wanted = {"designation": Designation(designation).value, "designation_source": source.value}
    changed = changes.between({name: getattr(company, name) for name in wanted}, wanted)
    if changed:
        company.change(**wanted, designation_rule="", designation_version=None)
        _record_designated(company, changed, actor)
    return settle(company)


def _record_designated(company: Company, changed: dict[str, list[str]], actor: Actor) -> None:
    """Record who designated it only where that is all that changed."""
    if "designation" in changed:
        changed.pop("designation_source", None)
        ask_below(company)
    data = {**changes.payload(changed), "source": company.designation_source}
    events.record("company.designated", target=company, actor=actor, data=data)


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
        outdate([company.pk])
    company.change(name=name, sort_key=matching.sort_key(name), country=place)
    events.record(
        "company.renamed",
        target=company,
        actor=actor,
        data=changes.payload(placed),
        private=changes.payload(named),
    )
    return settle(company)


@transaction.atomic
def note_contact(company: Company, day: date | None, *, actor: Actor) -> Company:
    """Say when the vendor itself last spoke with a company; None when nobody knows.

    The rules of engagement of deals that are registered from now on ask how long ago it was; those
    that are registered keep what was known then. Records `company.contacted` when it differs. Raises
    PermissionDenied, ContactAhead (after today in the portal's zone), CompanyMerged, Busy.
    """
    require(can_manage_companies(actor))
    if day is not None and day > clock.today(portal.zone()):
        raise ContactAhead(_("This day is in the future. Enter when you last had contact."))
    company = locked(company)
    known = company.contacted_on
    if day == known:
        return company
    company.change(contacted_on=day)
    shown = [each.isoformat() if each else "" for each in (known, day)]
    data = changes.payload({"contacted_on": shown})
    events.record("company.contacted", target=company, actor=actor, data=data)
    return company


@transaction.atomic
def edit_company(
    company: Company, name: str, *, country: str, contacted_on: date | None, actor: Actor
) -> Company:
    """Change what the page of one company lets one change at once; each as its own event.

    As `rename` and `note_contact`, whole or not at all.
    """
    company = rename(company, name, country=country, actor=actor)  # first: it takes more locks
    return note_contact(company, contacted_on, actor=actor)


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
        outdate([company.pk])
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
    outdate([company.pk])
    events.record("company.domain_added", target=company, actor=actor, private={"domain": domain})
    return settle(company)


@transaction.atomic
def remove_name(company: Company, name: CompanyName, *, actor: Actor) -> Company:
    """Take another name away, with all forms of it: the company is no longer found by it.

    Its own name stays. Records `company.name_removed`; gone already is fine. Raises
    PermissionDenied, NameNeeded, CompanyMerged, Busy.
    """
    require(can_manage_companies(actor))
    company = locked(company)
    if name.raw == company.name:
        raise NameNeeded(_("The company’s own name stays. Change the name instead."))
    if company.names.filter(raw=name.raw, active=True).update(active=False):
        outdate([company.pk])
        private = {"name": name.raw}
        events.record("company.name_removed", target=company, actor=actor, private=private)
    return company


@transaction.atomic
def remove_domain(company: Company, domain: CompanyDomain, *, actor: Actor) -> Company:
    """Take a web domain away; gone already is fine. Records `company.domain_removed`.

    Raises PermissionDenied, CompanyMerged, Busy.
    """
    require(can_manage_companies(actor))
    company = locked(company, f"company-domain:{domain.domain}")
    if company.domains.filter(pk=domain.pk, active=True).update(active=False):
        outdate([company.pk])
        private = {"domain": domain.domain}
        events.record("company.domain_removed", target=company, actor=actor, private=private)
    return settle(company)
