"""Changes to what is known of one company besides its names: numbers, sites, other systems' ids."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.models import Industry, Territory
from companies.enums import NameSource
from companies.models import Company, CompanyNumber, CompanySite, ExternalId
from companies.models.facts import SYSTEM, VALUE_LENGTH
from companies.numbers import checked_number
from companies.policies import can_manage_companies
from companies.services.designating import settle
from companies.services.writing import TooManyNames, checked_country, locked
from prm import events
from prm.access import Actor, require

MAX_FACTS = 100
"""At most so many numbers, so many sites and so many ids a company."""


class FactTaken(Exception):
    """The number or id belongs to another company; `company` is it."""

    def __init__(self, company: Company) -> None:
        super().__init__(company.name)
        self.company = company


class FactUnusable(ValueError):
    """What was typed cannot be kept; the text says why, ready to show."""


@dataclass(frozen=True, slots=True)
class Place:
    """A site as it is typed; at least one of the first four says where it is."""

    name: str = ""
    street: str = ""
    city: str = ""
    postcode: str = ""
    country: str = ""
    territory: Territory | None = None


@transaction.atomic
def add_number(company: Company, scheme: str, value: str, *, actor: Actor) -> Company:
    """Add a registration number; its own again is fine. Records `company.number_added`.

    Raises PermissionDenied, NumberUnusable, FactTaken, TooManyNames, CompanyMerged, Busy.
    """
    require(can_manage_companies(actor))
    number = checked_number(scheme, value, company.country)
    company = locked(company, f"company-number:{number.scheme}:{number.value}")
    held = CompanyNumber.objects.filter(scheme=number.scheme, value=number.value).first()
    if held is not None:
        if held.company_id != company.pk:
            raise FactTaken(held.company)
        return company
    if company.numbers.count() >= MAX_FACTS:
        raise TooManyNames
    CompanyNumber.objects.create(
        company=company,
        scheme=number.scheme,
        value=number.value,
        validated=number.validated,
        source=NameSource.CONFIRMED,
    )
    private = {"scheme": number.scheme, "number": number.value}
    events.record("company.number_added", target=company, actor=actor, private=private)
    return settle(company)


@transaction.atomic
def remove_number(company: Company, number: CompanyNumber, *, actor: Actor) -> Company:
    """Take a registration number away; gone already is fine. Records `company.number_removed`.

    Raises PermissionDenied, CompanyMerged, Busy.
    """
    require(can_manage_companies(actor))
    company = locked(company)
    gone, _rows = company.numbers.filter(pk=number.pk).delete()
    if gone:
        private = {"scheme": number.scheme, "number": number.value}
        events.record("company.number_removed", target=company, actor=actor, private=private)
    return settle(company)


@transaction.atomic
def add_site(company: Company, place: Place, *, actor: Actor) -> CompanySite:
    """Add a place where the company is. Records `company.site_added`.

    Raises PermissionDenied, FactUnusable, CountryUnusable, TooManyNames, CompanyMerged, Busy.
    """
    require(can_manage_companies(actor))
    texts = (place.name, place.street, place.city, place.postcode)
    if not any(texts):
        raise FactUnusable(_("Say where the site is: a name, a street or a city."))
    country = checked_country(place.country)
    company = locked(company)
    if company.sites.count() >= MAX_FACTS:
        raise TooManyNames
    site = CompanySite.objects.create(
        company=company,
        name=place.name,
        street=place.street,
        city=place.city,
        postcode=place.postcode,
        country=country,
        territory=place.territory,
    )
    events.record("company.site_added", target=company, actor=actor, private={"site": str(site)})
    return site


@transaction.atomic
def remove_site(company: Company, site: CompanySite, *, actor: Actor) -> Company:
    """Take a site away; gone already is fine. Records `company.site_removed`.

    Raises PermissionDenied, CompanyMerged, Busy.
    """
    require(can_manage_companies(actor))
    company = locked(company)
    words = str(site)
    gone, _rows = company.sites.filter(pk=site.pk).delete()
    if gone:
        private = {"site": words}
        events.record("company.site_removed", target=company, actor=actor, private=private)
    return company


@transaction.atomic
def add_external_id(company: Company, system: str, value: str, *, actor: Actor) -> Company:
    """Say what another system calls the company. Records `company.external_id_added`.

    Raises PermissionDenied, FactUnusable, FactTaken, TooManyNames, CompanyMerged, Busy.
    """
    require(can_manage_companies(actor))
    system, value = checked_external_id(system, value)
    company = locked(company, f"company-external:{system}:{value}")
    held = ExternalId.objects.filter(system=system, value=value).first()
    if held is not None:
        if held.company_id != company.pk:
            raise FactTaken(held.company)
        return company
    if company.external_ids.count() >= MAX_FACTS:
        raise TooManyNames
    ExternalId.objects.create(company=company, system=system, value=value)
    private = {"system": system, "external_id": value}
    events.record("company.external_id_added", target=company, actor=actor, private=private)
    return settle(company)


@transaction.atomic
def remove_external_id(company: Company, held: ExternalId, *, actor: Actor) -> Company:
    """Take an id of another system away. Records `company.external_id_removed`.

    Raises PermissionDenied, CompanyMerged, Busy.
    """
    require(can_manage_companies(actor))
    company = locked(company)
    gone, _rows = company.external_ids.filter(pk=held.pk).delete()
    if gone:
        private = {"system": held.system, "external_id": held.value}
        events.record("company.external_id_removed", target=company, actor=actor, private=private)
    return settle(company)


@transaction.atomic
def set_industry(company: Company, industry: Industry | None, *, actor: Actor) -> Company:
    """Say which trade a company belongs to. Records `company.industry_changed` when it differs.

    Raises PermissionDenied, CompanyMerged, Busy.
    """
    require(can_manage_companies(actor))
    company = locked(company)
    before = company.industry
    if before == industry:
        return company
    company.change(industry=industry)
    codes = [one.code if one else "" for one in (before, industry)]
    data = {"from": codes[0], "to": codes[1]}
    words = [one.name if one else "" for one in (before, industry)]
    private = {"changes": {"industry": words}}
    events.record(
        "company.industry_changed", target=company, actor=actor, data=data, private=private
    )
    return settle(company)


def checked_external_id(system: str, value: str) -> tuple[str, str]:
    """System and id as they are stored; raises FactUnusable with a sentence."""
    code, text = system.strip().lower(), " ".join(value.split())
    if not re.fullmatch(SYSTEM, code):
        raise FactUnusable(_("Name the other system in short, such as crm or erp."))
    if not text:
        raise FactUnusable(_("Enter the id that the other system uses."))
    if len(text) > VALUE_LENGTH:
        raise FactUnusable(_("Use at most %(count)s characters.") % {"count": VALUE_LENGTH})
    return code, text
