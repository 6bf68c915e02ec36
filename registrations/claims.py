"""What is claimed at companies: our own protections and open registrations, and what higher rooms add.

`leads` adds its own source when it starts, so that registrations need not know it.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from registrations.conflicts import Claim, Scope
from registrations.enums import OPEN_STATES, ConflictKind
from registrations.fields import as_ids
from registrations.models import ProtectionHolder, Registration
from registrations.selectors import scope_within

ClaimSource = Callable[[set[int], datetime], Iterable[Claim]]
_sources: list[ClaimSource] = []


def add_source(source: ClaimSource) -> None:
    """Let a higher room say what it claims at companies at an instant."""
    _sources.append(source)


def claims_at(companies: set[int], at: datetime, *, besides: int) -> list[Claim]:
    """Return all claims at the companies, except those of one registration."""
    found = [*_protected(companies, at), *_pending(companies)]
    for source in _sources:
        found.extend(source(companies, at))
    return [claim for claim in found if claim.registration != besides]


def _protected(companies: set[int], at: datetime) -> Iterable[Claim]:
    holders = ProtectionHolder.objects.filter(
        protection__company_id__in=companies, protection__period__contains=at, ended_at=None
    ).select_related("protection")
    for holder in holders:
        scope = Scope(as_ids(holder.protection.products), as_ids(holder.protection.places))
        yield Claim(
            ConflictKind.PROTECTED,
            holder.protection.company_id,
            scope,
            holder.partner_id,
            holder.registration_id,
            holder.protection.last_day,
        )


def _pending(companies: set[int]) -> Iterable[Claim]:
    lines = Registration.product_lines.through.objects.filter(registration=OuterRef("pk"))
    rows = Registration.objects.filter(company_id__in=companies, state__in=OPEN_STATES)
    for pk, company, partner, place, exclusivity, of in rows.values_list(
        "pk",
        "company_id",
        "partner_id",
        "place_id",
        "exclusivity",
        ArraySubquery(lines.values("productline_id")),
    ):
        scope = scope_within(exclusivity, of, place)
        yield Claim(ConflictKind.PENDING, company, scope, partner, pk)
