"""Where somebody lands after signing in."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from prm.access import Audience, access
from prm.http import PrmRequest
from prm.ui import nav


@access(Audience.SIGNED_IN)
@require_safe
def home(request: PrmRequest) -> HttpResponse:
    """Go to the first page that this person's side of the portal has."""
    links = [link for group in nav.groups(request) for link in group.links]
    if not links:
        return render(request, "errors/no_pages.html")
    return redirect(links[0].url)
