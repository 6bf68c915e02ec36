"""How companies are found by the search over everything, and what other rooms find by a company."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from companies import matching, selectors
from companies.matching import CompanyQuery
from companies.models import Company
from prm.access import VENDOR_ROLES, Audience
from prm.http import PrmRequest
from prm.ui import search
from prm.ui.search import Hit, Source

NEAR = 25
"""So many companies that a text may mean lead to deals and leads."""


def companies_meant(request: PrmRequest, text: str) -> list[Company]:
    """Return the companies that a text may mean, likeliest first; asked once a request."""
    known: dict[str, list[Company]] = request.__dict__.setdefault("_companies_meant", {})
    if text not in known:
        current = Company.objects.all().visible_to(request.user).current()
        likely = [m.company_id for m in matching.find(CompanyQuery(text), limit=NEAR)]
        rows = {row.pk: row for row in selectors.search(current, text)[: NEAR * 2]}
        order = {pk: at for at, pk in enumerate(likely)}
        known[text] = sorted(rows.values(), key=lambda row: (order.get(row.pk, NEAR), row.sort_key))
    return known[text]


def _find(request: PrmRequest, text: str, most: int) -> list[Hit]:
    return [
        Hit(row.name, row.get_absolute_url(), row.country)
        for row in companies_meant(request, text)[:most]
    ]


def register() -> None:
    """Make companies findable; called when the app starts."""
    search.register(
        Source(
            "companies",
            _("Companies"),
            "building",
            {Audience.VENDOR},
            VENDOR_ROLES,
            _find,
            lambda: reverse("companies:list"),
            order=20,
        )
    )
