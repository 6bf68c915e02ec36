"""The vendor's search over everything."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET

from prm.access import VENDOR_ROLES, Audience, access
from prm.http import PrmRequest
from prm.ui import search
from prm.ui.lists import wants_fragment


@access(Audience.VENDOR, roles=VENDOR_ROLES)
@require_GET
def everything(request: PrmRequest) -> HttpResponse:
    """Show what a text finds, in groups; htmx gets the groups alone."""
    text = request.GET.get("q", "").strip()
    page = "_search.html" if wants_fragment(request) else "search.html"
    context = {
        "text": text[: search.LONGEST],
        "groups": search.run(request, text),
        "is_short": len(text) < search.SHORTEST,
    }
    response = render(request, f"registrations/manage/{page}", context)
    patch_vary_headers(response, ("HX-Request", "HX-History-Restore-Request"))
    return response
