"""The operators' console: portals, their opening, suspending and resuming."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from prm import clock, events
from prm.access import Audience, access
from prm.http import PrmRequest, see_other
from prm.ui import cells, lists
from tenants import health, selectors, services
from tenants.enums import OpeningStep, PortalState
from tenants.forms import NewPortalForm, PortalFilter, SuspendForm
from tenants.models import Tenant
from tenants.policies import can_delete, can_export, can_rename, can_suspend
from tenants.tones import TONES

COLUMNS = (
    lists.Column("name", _("Portal"), cells.text("name"), sort="name"),
    lists.Column(
        "state", _("State"), cells.status(lambda row: (row.state.label, TONES[row.state]))
    ),
    lists.Column("host", _("Host name"), cells.text("main_host"), sort="main_host"),
    lists.Column("created", _("Created"), cells.moment("created_at"), sort="created_at"),
    lists.Column("ready", _("Live since"), cells.moment("ready_at"), sort="ready_at"),
)


@access(Audience.OPERATOR)
@require_GET
def portals(request: PrmRequest) -> HttpResponseBase:
    """Every portal of the installation."""
    page = lists.build(
        request,
        queryset=selectors.portals(),
        columns=COLUMNS,
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
        title=_("Portals"),
        export_name="portals",
    )
    return lists.respond(request, page, "tenants/list.html")


@access(Audience.OPERATOR)
@require_http_methods(["GET", "POST"])
def new(request: PrmRequest) -> HttpResponse:
    """Ask for a portal; its name and host are taken at once, the rest is a job."""
    form = NewPortalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            tenant = services.request_portal(form.new_tenant(), actor=request.user)
        except services.NameTaken as refused:
            form.add_error("name", str(refused))
        except services.HostTaken as refused:
            form.add_error("host", str(refused))
        else:
            return see_other("tenants:detail", tenant.uid)
    return render(request, "tenants/new.html", {"form": form}, status=_status(form))


@access(Audience.OPERATOR)
@require_GET
def detail(request: PrmRequest, uid: UUID) -> HttpResponse:
    """One portal; while it opens, htmx asks for the fragment again and again."""
    tenant = _portal(uid)
    fragment = lists.wants_fragment(request)
    template = "tenants/_portal.html" if fragment else "tenants/detail.html"
    response = render(request, template, _facts(request, tenant))
    patch_vary_headers(response, ("HX-Request",))
    return response


@access(Audience.OPERATOR)
@require_http_methods(["GET", "POST"])
def suspend(request: PrmRequest, uid: UUID) -> HttpResponse:
    """Ask for the reason, then stop the portal from answering."""
    tenant = _portal(uid)
    form = SuspendForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.suspend_portal(tenant, reason=form.cleaned_data["reason"], actor=request.user)
        except services.NotPossibleNow as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The portal is suspended. Nobody can reach it now."))
            return see_other("tenants:detail", tenant.uid)
    context = {"form": form, "portal_row": tenant}
    return render(request, "tenants/suspend.html", context, status=_status(form))


@access(Audience.OPERATOR)
@require_POST
def resume(request: PrmRequest, uid: UUID) -> HttpResponse:
    """Let a suspended portal answer again."""
    tenant = _portal(uid)
    try:
        services.resume_portal(tenant, actor=request.user)
    except services.NotPossibleNow as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The portal answers again."))
    return see_other("tenants:detail", tenant.uid)


@access(Audience.OPERATOR)
@require_POST
def retry(request: PrmRequest, uid: UUID) -> HttpResponse:
    """Try a failed opening again."""
    tenant = _portal(uid)
    try:
        services.retry_portal(tenant, actor=request.user)
    except services.NotPossibleNow as refused:
        messages.error(request, str(refused))
    return see_other("tenants:detail", tenant.uid)


def _portal(uid: UUID) -> Tenant:
    return get_object_or_404(selectors.portals().select_related("opening"), uid=uid)


def _facts(request: PrmRequest, tenant: Tenant) -> dict[str, Any]:
    opening = getattr(tenant, "opening", None)
    steps = list(OpeningStep)
    reached = max(1, steps.index(OpeningStep(opening.step))) if opening else len(steps)
    return {
        "portal_row": tenant,
        "status": (tenant.state.label, TONES[tenant.state]),
        "opening": opening,
        "steps": [
            {"label": step.label, "done": at < reached, "now": at == reached}
            for at, step in enumerate(steps)
        ],
        "reached": reached,
        "timeline": events.lines(events.timeline(tenant).order_by("-pk")),
        "is_opening": tenant.state == PortalState.OPENING,
        "may_suspend": tenant.state == PortalState.LIVE and can_suspend(request.user, tenant),
        **_lifecycle(request, tenant),
    }


def _lifecycle(request: PrmRequest, tenant: Tenant) -> dict[str, Any]:
    """What may be done to the portal besides, its old host names and its exports."""
    settled = tenant.state in {PortalState.LIVE, PortalState.SUSPENDED, PortalState.FAILED}
    exports = list(tenant.exports.order_by("-asked_at"))
    waiting = any(export.is_waiting for export in exports)
    exportable = tenant.ready and tenant.deleting_since is None and not waiting
    return {
        "may_rename": settled and can_rename(request.user, tenant),
        "may_delete": settled and can_delete(request.user, tenant),
        "may_export": exportable and can_export(request.user, tenant),
        "may_keep": tenant.delete_at is not None and tenant.deleting_since is None,
        "figures": health.of([tenant.schema_name]).get(tenant.schema_name),
        "exports": exports,
        "export_waits": waiting,
        "retired": tenant.domains.filter(until__gt=clock.now()).order_by("-retired_at"),
    }


def _status(form: Any) -> int:
    return 422 if form.is_bound else 200
