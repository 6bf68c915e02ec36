"""Lists of companies on their way in: upload, columns, check, load, undo, report."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Min
from django.forms import Form
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from companies import services
from companies.enums import LoadState
from companies.forms import MappingForm, UploadForm
from companies.loads import causes
from companies.loads.columns import COLUMNS
from companies.models import CompanyLoad, LoadRow
from companies.policies import can_manage_companies
from companies.services.loads import undo_until
from companies.views.common import for_staff, for_writers, get_or_post
from prm import clock
from prm.http import PrmRequest, see_other
from prm.ui import csv, lists
from prm.uploads import UploadRefused

SHOWN_LISTS = 50
SHOWN_ALIKE = 10
WORKING = (LoadState.CHECKING, LoadState.LOADING, LoadState.UNDOING)
TONES: dict[str, str] = {
    LoadState.MAPPING.value: "info",
    LoadState.CHECKING.value: "info",
    LoadState.CHECKED.value: "accent",
    LoadState.LOADING.value: "info",
    LoadState.LOADED.value: "success",
    LoadState.UNDOING.value: "info",
    LoadState.UNDONE.value: "neutral",
    LoadState.DISCARDED.value: "neutral",
}


@for_writers
@get_or_post
def index(request: PrmRequest) -> HttpResponse:
    """Upload a list; below, those of before."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                load = services.start_load(form.cleaned_data["file"], actor=request.user)
            except UploadRefused as refused:
                form.add_error("file", str(refused.text))
            except services.LoadUnusable as error:
                form.add_error("file", str(error))
            else:
                return see_other("companies:one-list", load.uid)
    before = CompanyLoad.objects.all().visible_to(request.user).select_related("by")
    rows = [(row, (row.get_state_display(), TONES[row.state])) for row in before[:SHOWN_LISTS]]
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "rows": rows}
    return render(request, "companies/manage/lists.html", context, status=status)


@for_staff
@require_safe
def detail(request: PrmRequest, uid: UUID) -> HttpResponse:
    """One list at whatever step it is."""
    return _page(request, _load(request, uid))


@for_writers
@require_POST
def columns(request: PrmRequest, uid: UUID) -> HttpResponse:
    """Say which column is which, and begin to check."""
    load = _load(request, uid)
    form = MappingForm(load, request.POST)
    if form.is_valid():
        try:
            services.map_columns(
                load,
                form.mapping(),
                designation=form.cleaned_data["default_designation"],
                country=form.cleaned_data["default_country"],
                actor=request.user,
            )
        except services.LoadUnusable as error:
            form.add_error(error.field or None, str(error))
        except services.LoadMoved:
            return _moved(request, load)
        else:
            return see_other("companies:one-list", load.uid)
    return _page(request, load, form, status=422)


@for_writers
@require_POST
def load(request: PrmRequest, uid: UUID) -> HttpResponse:
    """Load what was checked."""
    return _step(request, _load(request, uid), services.begin_loading)


@for_writers
@require_POST
def discard(request: PrmRequest, uid: UUID) -> HttpResponse:
    """Throw the list away before it is loaded."""
    return _step(request, _load(request, uid), services.discard_load, _("The list is discarded."))


@for_writers
@require_POST
def undo(request: PrmRequest, uid: UUID) -> HttpResponse:
    """Take back what the list did."""
    return _step(request, _load(request, uid), services.begin_undo)


@for_staff
@require_safe
def report(request: PrmRequest, uid: UUID) -> HttpResponseBase:
    """Rows that were not loaded, or not wholly, each with its reason, as a file to correct and load again."""
    load = _load(request, uid)
    mapped = [column for column in COLUMNS if column.key in load.mapping]
    header = [*(str(column.label) for column in mapped), _("Line"), _("Reason"), _("What helps")]
    rows = load.entries.exclude(cause="").order_by("line")
    return csv.response(f"{load.original_name}-report", header, _lines(rows.iterator(), mapped))


def _lines(rows: Iterator[LoadRow], mapped: list[Any]) -> Iterator[list[Any]]:
    for row in rows:
        cells = row.values.get("cells") or {"name": row.shown}
        said = [cells.get(column.key, "") for column in mapped]
        yield [*said, row.line, causes.text_of(row.cause), causes.hint_of(row.cause)]


def _load(request: PrmRequest, uid: UUID) -> CompanyLoad:
    reachable = CompanyLoad.objects.all().visible_to(request.user).select_related("by")
    return get_object_or_404(reachable, uid=uid)


def _step(
    request: PrmRequest, load: CompanyLoad, service: Callable[..., Any], done: str = ""
) -> HttpResponse:
    try:
        service(load, actor=request.user)
    except services.LoadUnusable as error:
        messages.error(request, str(error))
    except services.LoadMoved:
        return _moved(request, load)
    else:
        if done:
            messages.success(request, done)
    return see_other("companies:one-list", load.uid)


def _moved(request: PrmRequest, load: CompanyLoad) -> HttpResponse:
    messages.info(request, _("This list is at another step already."))
    return see_other("companies:one-list", load.uid)


def _page(
    request: PrmRequest, load: CompanyLoad, form: Form | None = None, status: int = 200
) -> HttpResponse:
    may_change = can_manage_companies(request.user)
    can_map = load.state in (LoadState.MAPPING, LoadState.CHECKED)
    context: dict[str, Any] = {
        "load": load,
        "status": (load.get_state_display(), TONES[load.state]),
        "working": load.state in WORKING,
        "progress": _progress(load),
        "may_change": may_change,
        "form": form if form is not None else MappingForm(load) if can_map else None,
        "can_map": can_map and may_change,
        "sample": [list(zip(load.header, row, strict=False)) for row in load.sample],
        **_results(load),
    }
    fragment = lists.wants_fragment(request)
    template = "companies/manage/_one_list.html" if fragment else "companies/manage/one_list.html"
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ("HX-Request", "HX-History-Restore-Request"))
    return response


def _results(load: CompanyLoad) -> dict[str, Any]:
    if load.state in (LoadState.MAPPING, LoadState.CHECKING, LoadState.DISCARDED):
        return {}
    counted = (
        load.entries.exclude(cause="")
        .values("cause")
        .annotate(count=Count("pk"), first=Min("line"))
    )
    groups = [
        (causes.text_of(each["cause"]), causes.hint_of(each["cause"]), each["count"], each["first"])
        for each in counted.order_by("-count", "cause")
    ]
    alike = load.entries.filter(alike__isnull=False).select_related("alike")
    until = undo_until(load) if load.state == LoadState.LOADED else None
    return {
        "groups": groups,
        "alike": alike[:SHOWN_ALIKE] if load.state == LoadState.CHECKED else [],
        "undo_until": until if until and until > clock.now() else None,
        "total": load.creates + load.updates,
    }


def _progress(load: CompanyLoad) -> dict[str, Any]:
    """How far the job is: value and maximum; a check counts bytes, since nobody knows the rows yet."""
    if load.state == LoadState.CHECKING:
        return {"value": load.offset, "max": max(load.size, 1), "rows": load.rows, "left": ""}
    total = load.creates + load.updates
    if load.state == LoadState.UNDOING:
        total = load.created_rows + load.updated_rows
    left = _left(load.began_at, load.done, total) if load.state == LoadState.LOADING else ""
    return {"value": load.done, "max": max(total, 1), "rows": load.done, "left": left}


def _left(began: datetime | None, done: int, total: int) -> str:
    """About how long it still takes, once a batch is done."""
    if began is None or not done or done >= total:
        return ""
    seconds = (clock.now() - began).total_seconds() / done * (total - done)
    if seconds < 90:
        return _("about %(seconds)s s left") % {"seconds": max(1, round(seconds))}
    return _("about %(minutes)s min left") % {"minutes": round(seconds / 60)}
