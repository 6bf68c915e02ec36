"""The one address of every action link."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from prm.access import Audience, access
from prm.links.services import LinkInvalid, landing_of, open_link


@access(Audience.PUBLIC)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def action_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show what a link is for, or do it on POST; a forged one answers 404 and says what to do."""
    try:
        link = open_link(token)
    except LinkInvalid:
        return render(request, "links/invalid.html", status=404)
    response = landing_of(link)(request, link)
    # Not "no-referrer": browsers then send "Origin: null" with the form, and the token check refuses it.
    response["Referrer-Policy"] = "same-origin"
    return response
