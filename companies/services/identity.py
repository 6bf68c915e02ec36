"""Who a typed customer is, and companies that the vendor adds."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from companies.domains import identifying
from companies.enums import Designation, NameSource, Standing
from companies.matching import CompanyQuery
from companies.models import Company, CompanyNumber
from companies.naming import check_name
from companies.policies import can_identify, can_manage_companies
from companies.selectors import company_lock_keys, known_company, lock_keys, validated
from companies.services.designating import settle
from companies.services.writing import (
    checked_country,
    checked_domain,
    create,
    locked,
    name_keys,
    refuse_taken,
    write_name,
)
from prm import events, locks
from prm.access import Actor, require

ATTEMPTS = 3


class _AppearedMeanwhile(Exception):
    """Somebody created or merged the company while we waited; its lock is still to be taken."""


@transaction.atomic
def identify(
    *,
    name: str,
    domain: str = "",
    country: str = "",
    numbers: Sequence[tuple[str, str]] = (),
    actor: Actor | None,
) -> Company:
    """The company a typed customer is, on hard evidence only; else a new provisional one.

    Hard evidence is the company's own domain, a number (scheme, value) whose check digits are right,
    or a name that a person confirmed, with its country; not if two of these disagree. A provisional
    company keeps the validated numbers, so that the next one with that number is the same. Numbers
    that are none are left out. Takes the locks of the name, the domain, the numbers and the company
    that is found, so call it before other locks of the transaction. Records `company.added` for a
    new one. Raises PermissionDenied, NameUnusable, CountryUnusable, Busy.
    """
    require(can_identify(actor))
    name, country = check_name(name), checked_country(country)
    query = CompanyQuery(name, domain, country, numbers=tuple(numbers))
    for _attempt in range(ATTEMPTS):
        try:
            with transaction.atomic():  # leaving this savepoint by an error gives its locks back
                return _identify(query, actor=actor)
        except _AppearedMeanwhile:
            continue
    raise locks.Busy


def _identify(query: CompanyQuery, *, actor: Actor | None) -> Company:
    """Find or create under the query's locks, all taken at once so that the order is kept."""
    keys = lock_keys(query)
    locks.hold(*keys)
    company = known_company(query)
    if company is None:
        return _create(query, actor=actor)
    if not set(company_lock_keys(company)) <= set(keys):
        raise _AppearedMeanwhile
    if not company.is_confirmed:
        _keep_numbers(company, query, actor=actor)
    return company


def _create(query: CompanyQuery, *, actor: Actor | None) -> Company:
    """A provisional company with what was typed; what another company owns stays with that one."""
    domain = identifying(query.domain)
    taken = domain and Company.objects.at_domain(domain).exists()
    domains = [] if taken else [domain]
    company = create(query.name, query.country, domains, NameSource.TYPED, actor=actor)
    _keep_numbers(company, query, actor=actor)
    return company


def _keep_numbers(company: Company, query: CompanyQuery, *, actor: Actor | None) -> None:
    """Store the validated numbers that no company has; their locks are held.

    Records `company.number_added` for each.
    """
    fresh = validated(query)
    if not fresh:
        return
    held = CompanyNumber.objects.filter(value__in=[number.value for number in fresh])
    taken = set(held.values_list("scheme", "value"))
    for number in fresh:
        if (number.scheme, number.value) not in taken:
            CompanyNumber.objects.create(
                company=company,
                scheme=number.scheme,
                value=number.value,
                validated=True,
                source=NameSource.TYPED,
            )
            private = {"scheme": number.scheme, "number": number.value}
            events.record("company.number_added", target=company, actor=actor, private=private)
    settle(company)


@transaction.atomic
def add_company(
    *,
    name: str,
    country: str = "",
    designation: str = Designation.OPEN,
    domains: Sequence[str] = (),
    aliases: Sequence[str] = (),
    actor: Actor,
) -> Company:
    """Add a confirmed company, such as a named account of the vendor.

    Records `company.added`. Raises PermissionDenied, NameUnusable, CountryUnusable,
    DomainUnusable, DomainTaken, Busy.
    """
    require(can_manage_companies(actor))
    name, country = check_name(name), checked_country(country)
    known = [checked_domain(domain) for domain in domains]
    spellings = [check_name(alias) for alias in aliases]
    keys = [f"company-domain:{domain}" for domain in known]
    locks.hold(*keys, *(key for raw in (name, *spellings) for key in name_keys(raw)))
    for domain in known:
        refuse_taken(domain)
    company = create(
        name,
        country,
        known,
        NameSource.CONFIRMED,
        actor=actor,
        standing=Standing.CONFIRMED,
        designation=Designation(designation),
    )
    for alias in spellings:
        write_name(company, alias, NameSource.ALIAS)
    return company


@transaction.atomic
def confirm_company(company: Company, *, actor: Actor) -> Company:
    """Say that a provisional company is a company of its own; its names and domains count from now.

    Records `company.confirmed`; confirming again changes nothing. Raises PermissionDenied,
    CompanyMerged, Busy.
    """
    require(can_manage_companies(actor))
    company = locked(company)
    if company.is_confirmed:
        return company
    company.change(standing=Standing.CONFIRMED)
    company.names.filter(source=NameSource.TYPED).update(source=NameSource.CONFIRMED)
    company.domains.filter(source=NameSource.TYPED).update(source=NameSource.CONFIRMED)
    company.numbers.filter(source=NameSource.TYPED).update(source=NameSource.CONFIRMED)
    events.record("company.confirmed", target=company, actor=actor)
    return settle(company)


@transaction.atomic
def confirm_as_ruled(company: Company) -> Company:
    """Let a provisional company count as a customer of its own because a rule approves its deal.

    What a partner typed of it stays what a partner typed: no hard evidence for anybody else. Records
    `company.confirmed` without an actor. Raises CompanyMerged, Busy.
    """
    company = locked(company)
    if not company.is_confirmed:
        company.change(standing=Standing.CONFIRMED)
        events.record("company.confirmed", target=company, actor=None)
    return company
