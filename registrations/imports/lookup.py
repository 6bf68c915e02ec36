"""What a batch of rows refers to, read in a handful of queries however many rows there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import get_language

from catalog.models import ProductLine
from companies.loads.lookup import named
from companies.models import Company, CompanyDomain
from partners.models import Membership, Partner
from prm import clock, portal
from prm.access import Role
from registrations.conflicts import Scope
from registrations.fields import as_ids
from registrations.imports.cleaning import KnownPartner, Surroundings, spelling
from registrations.imports.planning import Directory, Held
from registrations.models import ProtectionHolder
from users.models import User


def surroundings(rows: Iterable[Mapping[str, str]], *, day_first: bool) -> Surroundings:
    """What the cells of these rows may refer to in this portal, as it is now."""
    addresses = {cells.get("owner", "").strip().lower() for cells in rows} - {""}
    known = User.objects.filter(email__in=addresses).values_list("email", flat=True)
    return Surroundings(
        partners=_partners(),
        everybody=frozenset(known),
        lines=_lines(),
        currency=portal.current().currency,
        zone=portal.zone(),
        now=clock.now(),
        day_first=day_first,
        language=portal.current().language or get_language() or "en",
    )


def _partners() -> dict[str, KnownPartner]:
    """Partners by name and reference, without case, with the people who may own a deal."""
    people: dict[int, dict[str, int]] = {}
    first: dict[tuple[int, bool], int] = {}
    rows = Membership.objects.filter(user__is_active=True).order_by("pk")
    for partner, user, email, role in rows.values_list(
        "partner_id", "user_id", "user__email", "role"
    ):
        people.setdefault(partner, {})[email] = user
        first.setdefault((partner, role == Role.PARTNER_ADMINISTRATOR), user)
    found: dict[str, KnownPartner] = {}
    for pk, name, reference, ended_at in Partner.objects.order_by("pk").values_list(
        "pk", "name", "reference", "ended_at"
    ):
        fallback = first.get((pk, True), first.get((pk, False)))
        known = KnownPartner(pk, ended_at is not None, people.get(pk, {}), fallback)
        found[" ".join(name.split()).casefold()] = known
        found[reference.casefold()] = known
    return found


def _lines() -> dict[str, int]:
    """Product lines that may still be sold, by every spelling; a code wins over a name."""
    found: dict[str, int] = {}
    rows = list(ProductLine.objects.filter(retired_at=None))
    for row in rows:
        for word in (row.name, *map(str, row.words.values())):
            found.setdefault(spelling(word), row.pk)
    return found | {spelling(row.code): row.pk for row in rows}


def directory(names: Iterable[str], domains: Iterable[str]) -> Directory:
    """The companies that names and domains lead to on hard evidence, and who holds what there."""
    owned = CompanyDomain.objects.filter(
        domain__in=set(domains), active=True, company__merged_into=None
    )
    found = Directory(domains=dict(owned.values_list("domain", "company_id")))
    for compact, country, pk, trusted in named(names):
        if trusted:
            found.names.setdefault((compact, country), set()).add(pk)
    pks = {*found.domains.values(), *(pk for keys in found.names.values() for pk in keys)}
    with_domain = CompanyDomain.objects.filter(company__in=pks, active=True)
    found.with_domain.update(with_domain.values_list("company_id", flat=True))
    facts = Company.objects.filter(pk__in=pks).values_list("pk", "designation", "industry__code")
    found.facts.update({pk: (designation, code) for pk, designation, code in facts})
    found.held.update(_held(pks))
    return found


def _held(companies: set[int]) -> dict[int, list[Held]]:
    """What is protected now at companies, with the deal that holds it as the vendor calls it."""
    found: dict[int, list[Held]] = {}
    holders = ProtectionHolder.objects.filter(
        protection__company__in=companies, protection__period__contains=clock.now(), ended_at=None
    ).select_related("protection", "registration")
    for holder in holders:
        protection, row = holder.protection, holder.registration
        scope = Scope(as_ids(protection.products), as_ids(protection.places))
        held = Held(scope, by=f"{row.company_name} ({row.reference})")
        found.setdefault(protection.company_id, []).append(held)
    return found
