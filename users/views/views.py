"""One's own saved views of lists."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from prm.access import Audience, access
from prm.http import PrmRequest, SeeOther, see_other
from prm.ui import savedviews
from users import selectors, services
from users.forms import SavedViewForm, ViewNameForm
from users.models import SavedView


@access(Audience.SIGNED_IN, personal=True)
@require_GET
def views(request: PrmRequest) -> HttpResponse:
    """All of one's views, to open, rename or delete."""
    return _page(request)


@access(Audience.SIGNED_IN, personal=True)
@require_POST
def save(request: PrmRequest) -> HttpResponse:
    """Keep a list as it is now under a name, and go back to it."""
    form = SavedViewForm(request.POST)
    if form.is_valid():
        try:
            view = services.save_view(**form.cleaned_data, actor=request.user)
        except services.TooManyViews as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("The view “%(name)s” is saved.") % {"name": view.name})
            return SeeOther(savedviews.address(view.list_name, view.query))
    return render(request, "users/me/save_view.html", {"form": form}, status=422)


@access(Audience.SIGNED_IN, personal=True)
@require_POST
def rename(request: PrmRequest, uid: UUID) -> HttpResponse:
    """Give a view another name."""
    view = _reach(request, uid)
    form = ViewNameForm(request.POST, view=view)
    if form.is_valid():
        try:
            services.rename_view(view, form.cleaned_data["name"], actor=request.user)
        except services.NameTaken as refused:
            form.add_error("name", str(refused.sentence))
        else:
            messages.success(request, _("The view is renamed."))
            return see_other("users:views")
    return _page(request, form)


@access(Audience.SIGNED_IN, personal=True)
@require_POST
def delete(request: PrmRequest, uid: UUID) -> HttpResponse:
    """Delete a view."""
    services.delete_view(_reach(request, uid), actor=request.user)
    messages.success(request, _("The view is deleted."))
    return see_other("users:views")


def _page(request: PrmRequest, bound: ViewNameForm | None = None) -> HttpResponse:
    """The page with one small form per view; `bound` is one that came back with an error."""
    rows = []
    for view in selectors.every_view(request.user):
        same = bound is not None and bound.view.pk == view.pk
        form = bound if bound is not None and same else ViewNameForm(view=view)
        rows.append((view, savedviews.address(view.list_name, view.query), form))
    context = {"rows": rows, "form": bound}
    return render(request, "users/me/views.html", context, status=422 if bound else 200)


def _reach(request: PrmRequest, uid: UUID) -> SavedView:
    return get_object_or_404(SavedView.objects.visible_to(request.user), uid=uid)
