"""The frame's own URLs: the brand's style sheet, the quick switches, the help page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST, require_safe

from prm import portal
from prm.access import Audience, access
from prm.http import SeeOther
from prm.portal import hours
from prm.portal.models import Weekday
from prm.portal.selectors import opening_hours
from prm.ui import brand, preferences


@access(Audience.PUBLIC)
@require_safe
def brand_sheet(request: HttpRequest, digest: str) -> HttpResponse:
    """The tenant's colour as a style sheet; the name changes with the colour, so it is kept for long."""
    colour = portal.current().brand_colour
    response = HttpResponse(brand.stylesheet(colour), content_type="text/css; charset=utf-8")
    fresh = digest == brand.digest(colour)
    response["Cache-Control"] = "public, max-age=31536000, immutable" if fresh else "no-cache"
    return response


@access(Audience.PUBLIC)
@require_POST
def preferences_quick(request: HttpRequest) -> HttpResponse:
    """Switch theme or language and go back to where one was; works signed out as well."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = "/"
    response = SeeOther(back)
    preferences.switch(
        request, response, {k: request.POST.get(k, "") for k in ("theme", "language")}
    )
    return response


@access(Audience.PUBLIC)
@require_GET
def help_page(request: HttpRequest) -> HttpResponse:
    """Who to ask, when they are there, and the keys one can use."""
    week = [(Weekday(day).label, hours.spell(spans)) for day, spans in opening_hours().items()]
    return render(
        request, "ui/help.html", {"week": week if any(spans for _day, spans in week) else []}
    )
