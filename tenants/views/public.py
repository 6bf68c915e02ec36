"""The installation's own host: nobody logs in here. Called by the tenancy middleware, before sessions."""

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from prm.access import Audience, access
from tenants import selectors
from tenants.demo import guard, personas
from tenants.enums import PortalState


@access(Audience.PUBLIC)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """A page that names nothing: not who runs this, not who its vendors are."""
    return HttpResponse(render_to_string("tenants/index.html"))


@access(Audience.DEMO)
@require_safe
def demo(request: HttpRequest) -> HttpResponse:
    """Every portal of a demo with its people; 404 where there is no demo for this visitor."""
    if not guard.admits(request):
        return HttpResponse(render_to_string("errors/unknown_host.html"), status=404)
    live = selectors.in_state(selectors.portals(), PortalState.LIVE).prefetch_related("domains")
    portals = [
        {"row": row, "people": personas.at(row.schema_name)}
        for row in sorted(live, key=lambda row: (row.is_reserved, row.name))
    ]
    return HttpResponse(render_to_string("demo/portals.html", {"portals": portals}))


@access(Audience.DEMO)
@require_safe
def demo_without_slash(request: HttpRequest) -> HttpResponse:
    """Send /demo to /demo/; nothing is told by doing so."""
    return HttpResponsePermanentRedirect("/demo/")
