"""The operators' console: how every portal and the installation are."""

from typing import Any

from django.http.response import HttpResponseBase
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from prm import clock
from prm.access import Audience, access
from prm.health import STALE_SECONDS
from prm.http import PrmRequest
from prm.ui import cells, dates, lists
from tenants import health, selectors
from tenants.enums import PortalState
from tenants.forms import PortalFilter
from tenants.models import Tenant
from tenants.tones import TONES

Found = dict[str, health.Figures]
NONE = health.Figures()


@access(Audience.OPERATOR)
@require_GET
def overview(request: PrmRequest) -> HttpResponseBase:
    """Every portal with its figures, and what all of them share."""
    found: Found = {}
    page = lists.build(
        request,
        queryset=selectors.portals(),
        columns=_columns(found),
        filterset=PortalFilter,
        search=selectors.find_portals,
        default_sort="name",
        row_url=lambda row: reverse("tenants:detail", args=[row.uid]),
        empty=lists.Empty(
            _("No portals yet"),
            _("A portal is one vendor's own site with its own data."),
            _("New portal"),
            reverse("tenants:new"),
        ),
        title=_("Health"),
        export_name="",
    )
    found.update(health.of([row.schema_name for row in page.page.object_list]))
    shared = None if lists.wants_fragment(request) else health.installation()
    stale = shared is None or shared.silent_seconds is None or shared.silent_seconds > STALE_SECONDS
    return lists.respond(request, page, "tenants/health.html", {"shared": shared, "stale": stale})


def look(tenant: Tenant, figures: health.Figures) -> tuple[Any, str]:
    """Return how a portal is, in a word and a tone: its state, or that somebody has to look."""
    if tenant.state == PortalState.LIVE and figures.missing:
        return _("Tables are missing"), "danger"
    if tenant.state == PortalState.LIVE and figures.in_trouble:
        return _("Needs a look"), "warning"
    return tenant.state.label, TONES[tenant.state]


def _columns(found: Found) -> tuple[lists.Column, ...]:
    def number(name: str) -> cells.Cell:
        return cells.text(lambda row: getattr(found.get(row.schema_name, NONE), name))

    def figure(row: Tenant) -> health.Figures:
        return found.get(row.schema_name, NONE)

    return (
        lists.Column("name", _("Portal"), cells.text("name", "main_host"), sort="name"),
        lists.Column("state", _("State"), cells.status(lambda row: look(row, figure(row)))),
        lists.Column(
            "size", _("Size"), cells.text(lambda row: filesizeformat(figure(row).size)), align="end"
        ),
        lists.Column(
            "backlog",
            _("Due"),
            cells.text(lambda row: figure(row).backlog, lambda row: _since(figure(row))),
            align="end",
        ),
        lists.Column("parked", _("Parked"), number("parked"), align="end"),
        lists.Column("failed", _("Failed mails"), number("failed_mails"), align="end"),
        lists.Column("uncertain", _("Uncertain mails"), number("uncertain_mails"), align="end"),
        lists.Column(
            "sign_in", _("Last sign-in"), cells.moment(lambda row: figure(row).last_sign_in)
        ),
    )


def _since(figures: health.Figures) -> str:
    """How long the oldest due row has waited."""
    oldest = figures.oldest_due
    return dates.relative(oldest, clock.now()) if oldest is not None else ""
