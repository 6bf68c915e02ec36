"""How leads are found by the search over everything: by reference or customer."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from companies.finding import companies_meant
from leads.models import Lead
from prm.access import VENDOR_ROLES, Audience
from prm.http import PrmRequest
from prm.ui import search
from prm.ui.labels import label_of
from prm.ui.search import Hit, Source


def _find(request: PrmRequest, text: str, most: int) -> list[Hit]:
    rows = Lead.objects.all().visible_to(request.user)
    companies = [company.pk for company in companies_meant(request, text)]
    named = rows.filter(reference__startswith=text.upper())
    meant = rows.filter(company__in=companies)
    found: dict[int, Lead] = {}
    for query in (named, meant):
        for row in query.order_by("-updated_at", "pk")[:most]:
            found.setdefault(row.pk, row)
    return [
        Hit(
            row.company_name,
            reverse("leads:manage-detail", args=[row.reference]),
            f"{row.reference}, {label_of(row, 'state')}",
        )
        for row in list(found.values())[:most]
    ]


def register() -> None:
    """Make leads findable; called when the app starts."""
    search.register(
        Source(
            "leads",
            _("Leads"),
            "inbox",
            {Audience.VENDOR},
            VENDOR_ROLES,
            _find,
            lambda: reverse("leads:manage-list"),
            order=40,
        )
    )
