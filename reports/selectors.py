"""Reads over rooms: who gives roles, and open registrations by company."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import (
    CharField,
    Count,
    Exists,
    F,
    JSONField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Cast
from django.utils.translation import get_language

from catalog.models import ProductLine, Territory
from companies.models import CompanyName
from partners.models import Partner
from partners.selectors import membership_of, possible_managers
from prm.access import Audience, Role
from registrations.enums import OPEN_STATES, State
from registrations.models import Registration
from users.models import User

MOST_NAMED = 3


def who_gives_roles(user: User) -> list[str]:
    """Return the names of people to ask for a role: administrators, or a partner's channel manager."""
    if user.audience == Audience.PARTNER:
        membership = membership_of(user)
        manager = membership.partner.manager if membership else None
        return [manager.name] if manager and manager.is_active else []
    if user.audience != Audience.VENDOR:
        return []
    administrators = User.objects.get_queryset().holding(Role.ADMINISTRATOR).order_by("name", "pk")
    return list(administrators.values_list("name", flat=True)[:MOST_NAMED])


def open_registrations(user: User) -> QuerySet[Registration]:
    """Return what is submitted and not decided for good, of what a person may know."""
    return Registration.objects.visible_to(user).open()


def companies_with_deals(user: User) -> int:
    """Count companies with open registrations: the rows of the report without filters."""
    return open_registrations(user).order_by().aggregate(n=Count("company", distinct=True))["n"]  # type: ignore[no-any-return]


def by_company(rows: QuerySet[Registration]) -> QuerySet[Any, Any]:
    """Group registrations by customer: one row per identity, whatever was typed; one query.

    Arrays of one row go together by position: all aggregates see the rows in one order.
    Further filters over registrations narrow what is grouped, as long as they join nothing.
    """
    return rows.order_by().values(
 "company_id",
        company_uid=F("company__uid"),
        name=F("company__name"),
        sort_key=F("company__sort_key"),
        country_code=F("company__country"),
    ).annotate(
        deals=Count("pk"),
        partners=Count("partner", distinct=True),
        oldest=Min("submitted_at"),
        spellings=ArrayAgg("company_name", distinct=True),
        states=ArrayAgg("state"),
        amounts=ArrayAgg("value"),
        currencies=ArrayAgg("currency"),
    )  # fmt: skip


def named(text: str) -> Q:
    """Match registrations whose customer is called so, under any name it has or was typed with."""
    aliases = CompanyName.objects.filter(
        company=OuterRef("company"), active=True, raw__icontains=text
    )
    return Q(company_name__icontains=text) | Q(Exists(aliases))


def totals(row: Mapping[str, Any]) -> list[tuple[str, Decimal]]:
    """Return what a row's deals are worth, per currency, by its code."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for amount, currency in zip(row["amounts"], row["currencies"], strict=True):
        found[currency] += amount or 0
    return sorted(found.items())


def states(row: Mapping[str, Any]) -> list[tuple[State, int]]:
    """Return how many of a row's deals are in each state, in the order of a deal's life."""
    counted = Counter(row["states"])
    return [(State(state), counted[state]) for state in OPEN_STATES if counted[state]]


def other_spellings(row: Mapping[str, Any]) -> list[str]:
    """Return how the customer was typed, other than its name."""
    return sorted({text for text in row["spellings"] if text and text != row["name"]})


@dataclass(frozen=True, slots=True)
class Choices:
    """What the report can be narrowed to: value and label per kind."""

    lines: list[tuple[str, str]]
    places: list[tuple[str, str]]
    partners: list[tuple[str, str]]
    managers: list[tuple[str, str]]


def choices() -> Choices:
    """Return product lines, territories, partners and channel managers; one query for all."""
    parts = [
        _named("lines", ProductLine.objects.all(), "words"),
        _named("places", Territory.objects.all(), "words"),
        _named("partners", Partner.objects.all()),
        _named("managers", possible_managers()),
    ]
    return _sorted(parts[0].union(*parts[1:], all=True))


def _named(kind: str, rows: QuerySet[Any], words: str = "") -> Any:
    none = Value({}, output_field=JSONField())
    return (
        rows.order_by()
        .annotate(
            kind=Value(kind, output_field=CharField()),
            label_words=F(words) if words else none,
            label_name=Cast("name", CharField()),
        )
        .values_list("kind", "pk", "label_name", "label_words")
    )


def _sorted(rows: Iterable[tuple[str, int, str, dict[str, str]]]) -> Choices:
    language = (get_language() or "")[:2]
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for kind, pk, name, words in rows:
        found[kind].append((str(pk), str((words or {}).get(language) or name)))
    for pairs in found.values():
        pairs.sort(key=lambda pair: pair[1].casefold())
    return Choices(found["lines"], found["places"], found["partners"], found["managers"])
