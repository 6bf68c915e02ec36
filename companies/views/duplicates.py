"""Pairs of companies that may be one: the search over the whole directory, and what it found."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from companies import services
from companies.enums import ScanState
from companies.matching import Level, explain
from companies.models import DuplicatePair, DuplicateScan
from companies.policies import can_manage_companies
from companies.views.common import for_staff, for_writers
from prm import countries
from prm.http import PrmRequest, see_other
from prm.ui import cells, lists
from prm.ui.lists import Column, Empty

_TONES = {Level.STRONG.value: "warning", Level.LIKELY.value: "info"}


def _level(pair: DuplicatePair) -> tuple[str, str]:
    return explain.level(Level(pair.level)), _TONES.get(pair.level, "neutral")


def _why(pair: DuplicatePair) -> str:
    """The two strongest reasons."""
    return " ".join(explain.lines(pair.evidence)[:2])


COLUMNS = (
    Column(
        "name",
        gettext_lazy("Company"),
        cells.text("low.name", below=lambda pair: countries.name_of(pair.low.country)),
        sort="low__sort_key",
    ),
    Column(
        "other",
        gettext_lazy("May be the same as"),
        cells.text("high.name", below=lambda pair: countries.name_of(pair.high.country)),
        sort="high__sort_key",
    ),
    Column("level", gettext_lazy("How sure"), cells.status(_level), sort="score"),
    Column("why", gettext_lazy("Why"), cells.text(_why)),
)


@for_staff
@require_safe
def index(request: PrmRequest) -> HttpResponseBase:
    """Suggested pairs, surest first, and how far the search is."""
    scan = DuplicateScan.objects.select_related("by").first()
    page = lists.build(
        request,
        queryset=DuplicatePair.objects.all()
        .visible_to(request.user)
        .filter(low__merged_into=None, high__merged_into=None)
        .select_related("low", "high"),
        columns=COLUMNS,
        default_sort="-level",
        row_url=_address,
        title=gettext_lazy("Likely duplicates"),
        export_name="duplicates",
        empty=Empty(
            gettext_lazy("No likely duplicates"),
            gettext_lazy("Search the directory to find companies that may be one."),
        ),
    )
    running = scan is not None and scan.state == ScanState.RUNNING
    context = {
        "scan": scan,
        "running": running,
        "may_change": can_manage_companies(request.user),
    }
    if request.GET.get("part") == "scan":
        return render(request, "companies/manage/_scan.html", context)
    return lists.respond(request, page, "companies/manage/duplicates.html", context)


@for_writers
@require_POST
def start(request: PrmRequest) -> HttpResponse:
    """Begin to search."""
    try:
        services.start_scan(actor=request.user)
    except services.ScanRunning:
        messages.info(request, _("A search is running already."))
    return see_other("companies:duplicates")


@for_writers
@require_POST
def stop(request: PrmRequest) -> HttpResponse:
    """Stop the search that runs; what it found stays."""
    scan = DuplicateScan.objects.filter(state=ScanState.RUNNING).first()
    if scan is not None:
        services.stop_scan(scan, actor=request.user)
    return see_other("companies:duplicates")


def _address(pair: DuplicatePair) -> str:
    url = reverse("companies:beside", args=[pair.low.uid, pair.high.uid])
    return f"{url}?from=duplicates"
