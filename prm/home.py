"""Where somebody lands after signing in."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from prm.access import Audience, access
from prm.http import PrmRequest
from prm.ui import nav


@access(Audience.SIGNED_IN)
def home(request: PrmRequest) -> HttpResponse:
    """Go to the first page that this person's side of the portal has."""
    items = nav.items_for(request)
    if not items:
        return render(request, "errors/no_pages.html")
    return redirect(items[0].url)
