"""The operators' console: rename a portal's host, export it, delete it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from prm import uploads
from prm.access import Audience, access
from prm.http import PrmRequest, posted, see_other
from tenants import exports, removal, renaming, selectors
from tenants.forms import DeletionForm, RenameForm
from tenants.models import Export, Tenant
from tenants.services import HostTaken, NotPossibleNow


@access(Audience.OPERATOR)
@require_http_methods(["GET", "POST"])
def rename(request: PrmRequest, uid: UUID) -> HttpResponse:
    """Ask for the new host name and what becomes of the old one."""
    tenant = _portal(uid)
    form = RenameForm(posted(request))
    if form.is_bound and form.is_valid():
        try:
            renaming.rename_host(tenant, **form.cleaned_data, actor=request.user)
        except (HostTaken, NotPossibleNow) as refused:
            form.add_error("host", str(refused))
        else:
            messages.success(request, _("The portal answers at its new host name."))
            return see_other("tenants:detail", tenant.uid)
    return _form(request, "tenants/rename.html", form, tenant)


@access(Audience.OPERATOR)
@require_http_methods(["GET", "POST"])
def delete(request: PrmRequest, uid: UUID) -> HttpResponse:
    """Ask for the name and the reason, then suspend the portal and set its day."""
    tenant = _portal(uid)
    form = DeletionForm(posted(request), tenant=tenant)
    if form.is_bound and form.is_valid():
        answers = {key: form.cleaned_data[key] for key in ("reason", "days")}
        try:
            tenant = removal.ask_deletion(tenant, **answers, actor=request.user)
        except NotPossibleNow as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The portal is suspended and has its day of deletion."))
            return see_other("tenants:detail", tenant.uid)
    return _form(request, "tenants/delete.html", form, tenant)


@access(Audience.OPERATOR)
@require_POST
def keep(request: PrmRequest, uid: UUID) -> HttpResponse:
    """Cancel a deletion that has not begun."""
    tenant = _portal(uid)
    try:
        removal.cancel_deletion(tenant, actor=request.user)
    except NotPossibleNow as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The deletion is cancelled. The portal is still suspended."))
    return see_other("tenants:detail", tenant.uid)


@access(Audience.OPERATOR)
@require_POST
def export(request: PrmRequest, uid: UUID) -> HttpResponse:
    """Have an archive of the portal written."""
    tenant = _portal(uid)
    try:
        exports.ask_export(tenant, actor=request.user)
    except NotPossibleNow as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The export is being written."))
    return see_other("tenants:detail", tenant.uid)


@access(Audience.OPERATOR)
@require_POST
def fetch(request: PrmRequest, uid: UUID) -> HttpResponseBase:
    """Hand a finished archive over; that somebody took it is on record, so it is no GET."""
    found = get_object_or_404(Export.objects.select_related("tenant"), uid=uid)
    try:
        exports.fetch(found, actor=request.user)
    except NotPossibleNow as refused:
        messages.error(request, str(refused))
        return see_other("tenants:detail", found.tenant.uid)
    return uploads.serve(found)


def _portal(uid: UUID) -> Tenant:
    return get_object_or_404(selectors.portals(), uid=uid)


def _form(request: PrmRequest, template: str, form: Any, tenant: Tenant) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, template, {"form": form, "portal_row": tenant}, status=status)
