"""How partners are found by the search over everything."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partners.models import Partner
from prm.access import VENDOR_ROLES, Audience
from prm.http import PrmRequest
from prm.ui import search
from prm.ui.search import Hit, Source


def _find(request: PrmRequest, text: str, most: int) -> list[Hit]:
    rows = Partner.objects.all().visible_to(request.user)
    found = rows.filter(Q(name__icontains=text) | Q(reference__iexact=text)).order_by("name", "pk")
    page = "partners:manage-detail"
    return [
        Hit(row.name, reverse(page, args=[row.reference]), row.reference) for row in found[:most]
    ]


def register() -> None:
    """Make partners findable; called when the app starts."""
    search.register(
        Source(
            "partners",
            _("Partners"),
            "partner",
            {Audience.VENDOR},
            VENDOR_ROLES,
            _find,
            lambda: reverse("partners:manage-list"),
            order=30,
        )
    )
