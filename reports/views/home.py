"""Where everybody lands after signing in: what waits for them, and what comes next."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from prm import home as parts
from prm.access import Audience, access
from prm.http import PrmRequest
from reports import selectors


@access(Audience.SIGNED_IN)
@require_safe
def home(request: PrmRequest) -> HttpResponse:
    """Show tiles and the short list of the person's roles; without a role, whom to ask."""
    if not request.user.roles:
        ask = selectors.who_gives_roles(request.user)
        return render(request, "reports/no_role.html", {"ask": ask})
    context = {"tiles": parts.tiles(request), "feed": parts.feed(request)}
    return render(request, "reports/home.html", context)
