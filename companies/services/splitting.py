"""One company turns out to be two: chosen names, facts and deals go to a new one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from companies import matching, registry
from companies.enums import Standing, Verdict
from companies.models import Company, CompanyName, NameVerdict
from companies.policies import can_manage_companies
from companies.registry import MergeRefused
from companies.services.designating import COLUMNS, settle
from companies.services.memory import digest, outdate
from companies.services.writing import locked
from prm import clock, events
from prm.access import Actor, require


@dataclass(frozen=True, slots=True)
class Parting:
    """What goes to the new company: names and domains by key, facts by uid, records of other rooms."""

    names: frozenset[int]
    domains: frozenset[int] = frozenset()
    numbers: frozenset[UUID] = frozenset()
    sites: frozenset[UUID] = frozenset()
    external_ids: frozenset[UUID] = frozenset()
    records: Mapping[str, frozenset[str]] = field(default_factory=dict)


@transaction.atomic
def split_company(company: Company, parting: Parting, *, actor: Actor) -> Company:
    """Make a second company of what is chosen, and remember that the two are different.

    The new one is called like the first of its names; country, industry and designation are the
    old one's. Records `company.split` on the old, `company.split_off` on the new. Raises
    PermissionDenied, MergeRefused with a sentence, CompanyMerged, Busy.
    """
    require(can_manage_companies(actor))
    company = locked(company)
    names = _leaving(company, parting.names)
    fresh = _found(company, names[0].raw)
    CompanyName.objects.filter(pk__in=[row.pk for row in names]).update(company=fresh)
    _moving(company.domains.all(), parting.domains, "pk").update(company=fresh)
    _moving(company.numbers.all(), parting.numbers, "uid").update(company=fresh)
    _moving(company.sites.all(), parting.sites, "uid").update(company=fresh)
    _moving(company.external_ids.all(), parting.external_ids, "uid").update(company=fresh)
    counts = _move_records(company, fresh, parting.records)
    _remember(company, fresh, actor)
    outdate([company.pk])
    _record(company, fresh, actor, {"names": len(names), **counts})
    settle(company)
    return settle(fresh)


def _leaving(company: Company, keys: frozenset[int]) -> list[CompanyName]:
    """The chosen names; every form of one typed name goes along, and the company keeps its own."""
    active = list(company.names.filter(active=True).order_by("pk"))
    raws = {row.raw for row in active if row.pk in keys}
    if company.name in raws:
        raise MergeRefused(_("The company keeps its own name. Choose other names for the new one."))
    leaving = [row for row in active if row.raw in raws]
    if not leaving:
        raise MergeRefused(_("Choose at least one name for the new company."))
    return leaving


def _found(company: Company, name: str) -> Company:
    return Company.objects.create(
        name=name,
        sort_key=matching.sort_key(name),
        country=company.country,
        industry=company.industry,
        **{name: getattr(company, name) for name in COLUMNS},
        standing=Standing.CONFIRMED,
    )


def _moving(rows: QuerySet[Any], keys: Iterable[object], by: str) -> QuerySet[Any]:
    return rows.filter(**{f"{by}__in": list(keys)})


def _move_records(
    company: Company, fresh: Company, records: Mapping[str, frozenset[str]]
) -> dict[str, int]:
    """Let rooms above move what was chosen of theirs; what they count goes into the event."""
    known = registry.splittable()
    return {
        name: known[name].move(company, fresh, keys)
        for name, keys in records.items()
        if keys and name in known
    }


def _remember(company: Company, fresh: Company, actor: Actor) -> None:
    """Whoever splits has said that the two are different."""
    low, high = sorted((company.pk, fresh.pk))
    NameVerdict.objects.create(
        low_id=low,
        high_id=high,
        verdict=Verdict.DIFFERENT,
        by_id=actor.pk,
        at=clock.now(),
        compared=digest(low, high),
    )


def _record(company: Company, fresh: Company, actor: Actor, counts: Mapping[str, int]) -> None:
    for code, about, beside in (
        ("company.split", company, fresh),
        ("company.split_off", fresh, company),
    ):
        data = {"other": str(beside.uid), "moved": dict(counts)}
        events.record(code, target=about, actor=actor, data=data, private={"name": beside.name})
