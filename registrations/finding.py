"""How deals are found by the search over everything: by reference, number, customer or partner."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from companies.finding import companies_meant
from partners.models import Partner
from prm.access import VENDOR_ROLES, Audience
from prm.http import PrmRequest
from prm.ui import search
from prm.ui.labels import label_of
from prm.ui.search import Hit, Source
from registrations.models import Registration

PARTNERS = 20
LONGEST_NUMBER = 10


def _find(request: PrmRequest, text: str, most: int) -> list[Hit]:
    """Ask the indexes one after the other, the surest first, until there is enough."""
    rows = Registration.objects.all().visible_to(request.user).select_related("partner")
    found: dict[int, Registration] = {}
    for query in _queries(request, rows, text):
        for row in query.order_by("-submitted_at", "pk")[: most - len(found)]:
            found.setdefault(row.pk, row)
        if len(found) >= most:
            break
    return [_hit(row) for row in list(found.values())[:most]]


def _queries(
    request: PrmRequest, rows: QuerySet[Registration], text: str
) -> list[QuerySet[Registration]]:
    queries = []
    if text.isascii() and text.isdigit() and len(text) < LONGEST_NUMBER:
        queries.append(rows.filter(ledger_number=int(text)))
    if text[:2].upper() == "D-":
        queries.append(rows.filter(reference__startswith=text.upper()))
    companies = [company.pk for company in companies_meant(request, text)]
    if companies:
        queries.append(rows.filter(company__in=companies))
    partners = list(
        Partner.objects.filter(name__icontains=text).values_list("pk", flat=True)[:PARTNERS]
    )
    if partners:
        queries.append(rows.filter(partner__in=partners))
    return queries


def _hit(row: Registration) -> Hit:
    state = label_of(row, "state")
    return Hit(
        row.company_name,
        reverse("registrations:manage-detail", args=[row.reference]),
        f"{row.reference}, {row.partner.name}, {state}",
    )


def register() -> None:
    """Make deals findable; called when the app starts."""
    search.register(
        Source(
            "deals",
            _("Deals"),
            "deal",
            {Audience.VENDOR},
            VENDOR_ROLES,
            _find,
            lambda: reverse("registrations:manage-list"),
            order=10,
        )
    )
