"""Reads about registrations that join, aggregate or return values."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from psycopg.types.range import Range

from catalog.models import Territory
from companies import matching
from partners.models import Partner
from prm import clock, portal
from prm.events import Event
from prm.http import PrmRequest
from prm.money import Money
from registrations.conflicts import ANY, Deal, Scope
from registrations.enums import (
    OPEN_STATES,
    UNFINISHED_STATES,
    WAITING_STATES,
    Action,
    CloseCode,
    Exclusivity,
    State,
)
from registrations.fields import ids
from registrations.models import (
    AvailabilityCheck,
    AvailabilityPolicy,
    Decision,
    Protection,
    ProtectionHolder,
    Registration,
    RegistrationConflict,
    ReviewerAbsence,
)
from users.models import User

OPEN_CONFLICTS = RegistrationConflict.objects.filter(
    registration=OuterRef("pk"), settled_at=None
).order_by()
"""The open conflicts of a registration, for `Exists`."""

REQUIRED = ("company_name", "country", "value", "currency", "expected_close", "stage")
"""What a registration cannot do without, besides at least one product line."""


def missing_fields(row: Registration) -> list[str]:
    """Return the names of required fields that are empty, in the order of the form."""
    missing = [name for name in REQUIRED if getattr(row, name) in (None, "")]
    if not row.product_lines.all():
        missing.append("product_lines")
    return missing


def place_of(country: str) -> Territory | None:
    """Return the territory a country belongs to: the first in the vendor's order, or none."""
    if not country:
        return None
    places: QuerySet[Territory] = Territory.objects.filter(retired_at=None)
    return places.filter(countries__contains=[country]).first()


def scope_of(row: Registration) -> Scope:
    """Return what a registration claims, under the exclusivity it was submitted with."""
    lines = (line.pk for line in row.product_lines.all())
    return scope_within(row.exclusivity, lines, row.place_id)


def scope_within(exclusivity: str, lines: Iterable[int], place: int | None) -> Scope:
    """Return the scope that product lines and a place make under an exclusivity.

    Without a place the lines are claimed everywhere; what the exclusivity leaves out is claimed whole.
    """
    by_lines = exclusivity in {Exclusivity.PRODUCTS, Exclusivity.PRODUCTS_PLACES}
    by_place = exclusivity in {Exclusivity.PLACES, Exclusivity.PRODUCTS_PLACES}
    places = {place} if by_place and place else set()
    return Scope(frozenset(lines) if by_lines else ANY, frozenset(places))


def query_of(row: Registration, *, besides: int | None = None) -> matching.CompanyQuery:
    """Return what a registration says of its customer, as `companies.matching` is asked.

    The site is in the partner's own words, so it says nothing of a city. `besides` leaves one company
    out of the answer.
    """
    return matching.CompanyQuery(
        name=row.company_name,
        domain=row.website,
        country=row.country,
        numbers=numbers_of(row),
        exclude_company_id=besides,
        industry=row.company.industry_id if row.company else None,
    )


def numbers_of(row: Registration) -> tuple[tuple[str, str], ...]:
    """Return the customer's registration number as (scheme, value), if one was typed."""
    return ((row.number_scheme, row.number),) if row.number else ()


def home_value(row: Registration) -> Decimal | None:
    """Return a registration's value in the portal's currency by the rate in force now; None without."""
    if row.value is None:
        return None
    home = portal.convert(Money(row.value, row.currency))
    return home.amount if home else None


def open_deals(partner: Partner) -> int:
    """Return how many deals a partner has under way: submitted, in line or running."""
    under_way = Registration.objects.filter(partner=partner)
    return under_way.filter(state__in=[*OPEN_STATES, State.APPROVED]).count()


def won_lately(partner: Partner) -> int:
    """Return how many deals a partner has won in the 365 days before now."""
    since = clock.now() - timedelta(days=365)
    won = Registration.objects.filter(partner=partner, close_code=CloseCode.WON)
    return won.filter(closed_at__gte=since).count()


def deal_of(row: Registration) -> Deal:
    """Return what a registration asks for, as conflicts are judged by it."""
    industry = row.company.industry_id if row.company else None
    return Deal(scope_of(row), row.partner_id, row.expected_close, industry)


def holders_of(company_id: int, scope: Scope, at: datetime) -> QuerySet[ProtectionHolder]:
    """Return who holds any part of a scope at a company at an instant."""
    return ProtectionHolder.objects.filter(
        protection__company_id=company_id, protection__period__contains=at, ended_at=None
    ).extra(
        where=[
            "registrations_protection.products && %s",
            "registrations_protection.places && %s",
        ],
        params=[ids(scope.products), ids(scope.places)],
    )


def protection_of(row: Registration) -> Protection | None:
    """Return the latest protection that a registration holds or held, empty ones left out."""
    holding = (
        row.holdings.select_related("protection")
        .exclude(protection__period=Range(empty=True))
        .order_by("-protection__id")
        .first()
    )
    return holding.protection if holding else None


def without_undone(row: Registration, happened: QuerySet[Event]) -> QuerySet[Event]:
    """Return a registration's events without those of decisions that were taken back.

    For its partner such a decision was never made.
    """
    undone = Decision.objects.filter(registration=row, undone_at__isnull=False)
    codes = ("approved", "queued", "rejected", "asked")
    return happened.exclude(
        at__in=list(undone.values_list("at", flat=True)),
        code__in=[f"registration.{code}" for code in codes],
    )


def moved_up(company_id: int) -> QuerySet[Registration]:
    """Return registrations that keep their place before the line: those behind them still wait.

    They came to review from it; or they were declined, and that is held and could still be taken back.
    """
    states = (State.IN_REVIEW, State.ACTION_REQUIRED)
    held = (
        Decision.objects.all()
        .held_at(clock.now())
        .filter(registration=OuterRef("pk"), action=Action.REJECT)
    )
    return Registration.objects.filter(company_id=company_id, queued_at__isnull=False).filter(
        Q(state__in=states) | Exists(held)
    )


def reviewer_on_duty(user: User, day: date) -> User | None:
    """Return who reviews for a person on a day in the portal's zone: themselves, or who stands in.

    A deputy who is away too is followed on; None when nobody stands in: then everyone sees it.
    """
    seen: set[int] = set()
    found: User | None = user
    while found is not None and found.pk not in seen:
        seen.add(found.pk)
        away = ReviewerAbsence.objects.filter(
            user=found, first_day__lte=day, last_day__gte=day
        ).select_related("deputy")
        absence = away.first()
        if absence is None:
            return found if found.is_active else None
        found = absence.deputy
    return None


def rivals(row: Registration) -> list[Registration]:
    """Return other partners' open registrations at the company or noted as in conflict with this one."""
    return list(
        Registration.objects.filter(state__in=OPEN_STATES)
        .filter(Q(company_id=row.company_id) | Q(conflicts__other=row))
        .exclude(partner_id=row.partner_id)
        .select_related("company")
        .prefetch_related("product_lines")
        .order_by("pk")
        .distinct()
    )


@dataclass(frozen=True, slots=True)
class PartnerFigures:
    """How many of a partner's own deals are unfinished, by what they wait for."""

    asked: int
    drafts: int
    in_review: int
    queued: int


def partner_figures(user: User) -> PartnerFigures:
    """Count what is unfinished of one's own partner; one query over its unfinished deals alone."""
    rows = Registration.objects.visible_to(user).filter(state__in=UNFINISHED_STATES)
    by_state = dict(rows.order_by().values_list("state").annotate(Count("pk")))
    return PartnerFigures(
        asked=by_state.get(State.ACTION_REQUIRED, 0),
        drafts=by_state.get(State.DRAFT, 0),
        in_review=sum(by_state.get(state, 0) for state in WAITING_STATES),
        queued=by_state.get(State.QUEUED, 0),
    )


@dataclass(frozen=True, slots=True)
class WaitingFigures:
    """How many registrations wait for a decision; of these, how many are late or collide."""

    waiting: int
    overdue: int
    conflicts: int


def waiting_figures(request: PrmRequest) -> WaitingFigures:
    """Count what waits for the vendor, once per request; one query over what waits alone."""
    known: WaitingFigures | None = getattr(request, "_waiting_figures", None)
    if known is None:
        rows = Registration.objects.visible_to(request.user).waiting().order_by()
        known = WaitingFigures(
            **rows.aggregate(
                waiting=Count("pk"),
                overdue=Count("pk", filter=Q(due_at__lt=clock.now())),
                conflicts=Count("pk", filter=Exists(OPEN_CONFLICTS)),
            )
        )
        request._waiting_figures = known  # type: ignore[attr-defined]
    return known


def line_position(row: Registration) -> bool:
    """Return whether a queued registration is the next in line for its scope; never a number."""
    if row.state != State.QUEUED or row.company_id is None:
        return False
    scope = scope_of(row)
    ahead = Registration.objects.filter(
        company_id=row.company_id, state=State.QUEUED, ledger_number__lt=row.ledger_number
    )
    return not any(scope.overlaps(scope_of(other)) for other in ahead)


def conflicts_of(row: Registration) -> list[RegistrationConflict]:
    """Return a registration's conflicts with all they show, open ones first."""
    conflicts = (
        RegistrationConflict.objects.filter(registration=row)
        .select_related(
            "company",
            "other__partner",
            "other__place",
            "other__company",
            "other__owner",
            "settled_by",
        )
        .prefetch_related("other__product_lines", "other__holdings__protection")
        .order_by(F("settled_at").asc(nulls_first=True), "-score", "-weight", "pk")
    )
    found = list(conflicts)
    for conflict in found:
        conflict.registration = row  # known already, with its product lines
    return found


def availability_policy() -> AvailabilityPolicy:
    """Return what partners may ask before they register; the defaults until somebody changes them."""
    return AvailabilityPolicy.objects.filter(pk=1).first() or AvailabilityPolicy(pk=1)


def asked_before(asked: AvailabilityCheck, *, since: datetime) -> bool:
    """Return whether the same person has had an answer to the same question since then."""
    return (
        AvailabilityCheck.objects.filter(user=asked.user, at__gte=since)
        .filter(
            company_name__iexact=asked.company_name,
            website=asked.website,
            country=asked.country,
        )
        .exclude(verdict="")
        .exists()
    )


def counted_checks(*, since: datetime, **whose: Any) -> list[datetime]:
    """Return when questions that count were asked since then, by one person or one partner."""
    rows = AvailabilityCheck.objects.all().counted().filter(at__gt=since, **whose)
    return list(rows.values_list("at", flat=True))


def customers_asked(partner: Partner, *, since: datetime) -> int:
    """Return how many customers a partner has asked about without registering anything since then."""
    if Registration.objects.filter(partner=partner, submitted_at__gte=since).exists():
        return 0
    rows = AvailabilityCheck.objects.all().counted()
    rows = rows.filter(partner=partner, at__gt=since)
    count: int = rows.values("company_name", "website").distinct().count()
    return count


def end_of_protection(registration: int, at: datetime) -> datetime | None:
    """Return when the protection that a registration holds ends; None without one."""
    holding = (
        ProtectionHolder.objects.filter(
            registration_id=registration, protection__period__contains=at, ended_at=None
        )
        .select_related("protection")
        .first()
    )
    return holding.protection.ends_at if holding else None
