"""Exchange rates: what the administrator entered, and amounts in the portal's own currency.

A rate says how many units of the portal's currency one unit of another is worth. Rates are only ever
added; each is in force from its time until a later one is.
"""

from bisect import bisect_right
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from prm import clock
from prm.money import Money
from prm.portal.models import ExchangeRate
from prm.portal.selectors import current
from prm.tenancy.database import connection

Steps = dict[str, tuple[list[datetime], list[Decimal]]]


def convert(money: Money, at: datetime | None = None) -> Money | None:
    """Return an amount in the portal's currency by the rate in force at an instant (default: now).

    Rounded to that currency's smallest coin; None when no rate was in force. All rates are read by one
    query per request or task.
    """
    home = current().currency
    if money.currency == home:
        return money
    since, rates = _steps().get(money.currency, ([], []))
    place = bisect_right(since, at or clock.now())
    return Money(money.amount * rates[place - 1], home).rounded() if place else None


def currencies() -> list[str]:
    """Return the currencies that have a rate now, sorted."""
    now = clock.now()
    return sorted(code for code, (since, _rates) in _steps().items() if since[0] <= now)


def _steps() -> Steps:
    """Return per currency the instants from which its rates hold, ascending, and the rates."""
    portal, tenant = current(), connection.tenant
    cached: tuple[Any, str, Steps] | None = getattr(tenant, "_rates", None)
    if cached is None or cached[0] is not portal or cached[1] != portal.currency:
        steps: Steps = {}
        for rate in ExchangeRate.objects.filter(home=portal.currency).order_by(
            "effective_at", "pk"
        ):
            since, rates = steps.setdefault(rate.currency, ([], []))
            since.append(rate.effective_at)
            rates.append(rate.rate)
        cached = (portal, portal.currency, steps)
        tenant._rates = cached
    return cached[2]


def rate_list() -> QuerySet[Any]:
    """Return the rates to the portal's currency with who entered them and whether they are in force."""
    now, people = clock.now(), get_user_model()._default_manager
    later = Q(effective_at__gt=OuterRef("effective_at")) | Q(
        effective_at=OuterRef("effective_at"), pk__gt=OuterRef("pk")
    )
    newer = ExchangeRate.objects.filter(
        later, currency=OuterRef("currency"), home=OuterRef("home"), effective_at__lte=now
    )
    author = people.filter(uid=OuterRef("author_uid")).values("name")[:1]
    return ExchangeRate.objects.filter(home=current().currency).annotate(
        author=Subquery(author),
        is_coming=Q(effective_at__gt=now),
        is_past=Exists(newer),
    )
