"""Running deals from another system: upload, columns, check, import, undo, report. For administrators."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import django_filters
from django.contrib import messages
from django.db.models import Count, Min, Q, QuerySet
from django.forms import Form
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from prm import clock
from prm.access import Audience, Role, access
from prm.http import PrmRequest, see_other
from prm.ui import cells, csv, lists
from prm.ui.lists import Column, Empty
from prm.uploads import UploadRefused
from registrations import services
from registrations.enums import ImportOutcome, ImportState
from registrations.forms_imports import ImportMappingForm, ImportUploadForm
from registrations.imports import causes, example
from registrations.imports.columns import COLUMNS
from registrations.models import RegistrationImport, RegistrationImportRow
from registrations.services.importing import undo_until

SHOWN_FILES = 50
SHOWN_ROWS = 10
WORKING = (ImportState.CHECKING, ImportState.RUNNING, ImportState.UNDOING)
MAPPED = (ImportState.MAPPING, ImportState.CHECKED)
WITHOUT_RESULT = (ImportState.MAPPING, ImportState.CHECKING, ImportState.DISCARDED)
TONES: dict[str, str] = {
    ImportState.MAPPING.value: "info",
    ImportState.CHECKING.value: "info",
    ImportState.CHECKED.value: "accent",
    ImportState.RUNNING.value: "info",
    ImportState.DONE.value: "success",
    ImportState.UNDOING.value: "info",
    ImportState.UNDONE.value: "neutral",
    ImportState.DISCARDED.value: "neutral",
}
OUTCOME_TONES: dict[str, str] = {
    ImportOutcome.CREATE.value: "success",
    ImportOutcome.SKIP.value: "neutral",
    ImportOutcome.ERROR.value: "danger",
}
LABELS = {column.key: column.label for column in COLUMNS}

for_administrators = access(Audience.VENDOR, roles=[Role.ADMINISTRATOR])


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: PrmRequest) -> HttpResponse:
    """Upload a file; below, those of before."""
    form = ImportUploadForm()
    if request.method == "POST":
        form = ImportUploadForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                file = services.start_import(form.cleaned_data["file"], actor=request.user)
            except UploadRefused as refused:
                form.add_error("file", str(refused.text))
            except services.ImportUnusable as error:
                form.add_error("file", str(error))
            else:
                return see_other("registrations:import", file.uid)
    before = RegistrationImport.objects.all().visible_to(request.user)
    rows = [
        (row, (row.get_state_display(), TONES[row.state]))
        for row in before.select_related("uploaded_by")[:SHOWN_FILES]
    ]
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "rows": rows}
    return render(request, "registrations/imports/index.html", context, status=status)


@for_administrators
@require_safe
def sample(request: PrmRequest) -> HttpResponseBase:
    """A file to start from: every column, and two rows that this portal would take."""
    header, rows = example.table()
    return csv.response(_("running-deals-example"), header, rows)


@for_administrators
@require_safe
def detail(request: PrmRequest, uid: UUID) -> HttpResponse:
    """One import at whatever step it is."""
    return _page(request, _file(request, uid))


@for_administrators
@require_POST
def columns(request: PrmRequest, uid: UUID) -> HttpResponse:
    """Say which column is which, and begin to check."""
    file = _file(request, uid)
    form = ImportMappingForm(file, request.POST)
    if form.is_valid():
        try:
            services.map_import(file, form.mapping(), day_first=form.day_first, actor=request.user)
        except services.ImportUnusable as error:
            form.add_error(error.field or None, str(error))
        except services.ImportMoved:
            return _moved(request, file)
        else:
            return see_other("registrations:import", file.uid)
    return _page(request, file, form, status=422)


@for_administrators
@require_POST
def start(request: PrmRequest, uid: UUID) -> HttpResponse:
    """Import what was checked."""
    return _step(request, _file(request, uid), services.begin_import)


@for_administrators
@require_POST
def discard(request: PrmRequest, uid: UUID) -> HttpResponse:
    """Throw the file away before it is imported."""
    file = _file(request, uid)
    return _step(request, file, services.discard_import, _("The file is discarded."))


@for_administrators
@require_POST
def undo(request: PrmRequest, uid: UUID) -> HttpResponse:
    """Take back what the import did; refused with a sentence per deal that has moved since."""
    file = _file(request, uid)
    try:
        return _step(request, file, services.begin_undo_import)
    except services.UndoRefused as refused:
        return _page(request, file, refused=refused.deals, status=422)


@for_administrators
@require_safe
def report(request: PrmRequest, uid: UUID) -> HttpResponseBase:
    """Rows that were not imported, each with its reason, as a file to correct and import again."""
    file = _file(request, uid)
    mapped = [column for column in COLUMNS if column.key in file.mapping]
    header = [*(str(column.label) for column in mapped), _("Line"), _("Reason"), _("What helps")]
    rows = file.rows.exclude(cause="").order_by("number")
    lines = _lines(rows.iterator(), [column.key for column in mapped])
    return csv.response(f"{file.file_name}-report", header, lines)


def _lines(rows: Iterator[RegistrationImportRow], keys: list[str]) -> Iterator[list[Any]]:
    for row in rows:
        typed = [row.typed.get(key, "") for key in keys]
        yield [*typed, row.number, " ".join(_sentences(row)), causes.hint_of(row.cause)]


class RowsFilter(django_filters.FilterSet):
    """What an administrator narrows the rows by."""

    outcome = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Becomes"), choices=ImportOutcome.choices
    )
    cause = django_filters.ChoiceFilter(
        label=gettext_lazy("Reason"),
        empty_label=gettext_lazy("Any"),
        choices=[(code, cause.text) for code, cause in causes.CAUSES.items()],
    )

    class Meta:
        model = RegistrationImportRow
        fields: tuple[str, ...] = ()


def search_rows(
    rows: QuerySet[RegistrationImportRow], text: str
) -> QuerySet[RegistrationImportRow]:
    """Find rows by what was typed as customer, partner or old reference."""
    found = Q(typed__company__icontains=text) | Q(typed__partner__icontains=text)
    return rows.filter(found | Q(typed__old_reference__icontains=text))


def _outcome(row: RegistrationImportRow) -> tuple[str, str]:
    return row.get_outcome_display(), OUTCOME_TONES[row.outcome]


def _sentences(row: RegistrationImportRow) -> list[str]:
    return [causes.sentence_of(cause, LABELS) for cause in row.causes]


def _why(row: RegistrationImportRow) -> str:
    """All that is wrong with a row, with what was typed in the cells concerned."""
    said = []
    for cause, sentence in zip(row.causes, _sentences(row), strict=True):
        typed = row.typed.get(cause.get("field", ""), "")
        said.append(f"{sentence} (“{typed[:60]}”)" if typed else sentence)
    notes = [causes.text_of(code) for code in row.notes]
    return " ".join([*said, *notes])


ROWS = (
    Column("line", gettext_lazy("Line"), cells.number("number"), sort="number", align="end"),
    Column("outcome", gettext_lazy("Becomes"), cells.status(_outcome), sort="outcome"),
    Column(
        "company",
        gettext_lazy("Company"),
        cells.text(
            lambda row: row.typed.get("company"), lambda row: row.typed.get("old_reference")
        ),
    ),
    Column("partner", gettext_lazy("Partner"), cells.text(lambda row: row.typed.get("partner"))),
    Column("why", gettext_lazy("Reason"), cells.text(_why)),
)


@for_administrators
@require_safe
def rows(request: PrmRequest, uid: UUID) -> HttpResponseBase:
    """Every row of a file with what becomes of it and why."""
    file = _file(request, uid)
    page = lists.build(
        request,
        queryset=file.rows.all(),
        columns=ROWS,
        filterset=RowsFilter,
        promoted=("outcome", "cause"),
        search=search_rows,
        default_sort="line",
        key=lambda row: str(row.number),
        title=gettext_lazy("Rows of the file"),
        empty=Empty(
            gettext_lazy("No rows kept"),
            gettext_lazy(
                "Rows are kept for a day after an import, those with a reason for 30 days."
            ),
        ),
        export_name="import-rows",
    )
    return lists.respond(request, page, "registrations/imports/rows.html", {"file": file})


def _file(request: PrmRequest, uid: UUID) -> RegistrationImport:
    reachable = RegistrationImport.objects.all().visible_to(request.user)
    return get_object_or_404(reachable.select_related("uploaded_by"), uid=uid)


def _step(
    request: PrmRequest, file: RegistrationImport, service: Callable[..., Any], done: str = ""
) -> HttpResponse:
    try:
        service(file, actor=request.user)
    except services.ImportUnusable as error:
        messages.error(request, str(error))
    except services.ImportMoved:
        return _moved(request, file)
    else:
        if done:
            messages.success(request, done)
    return see_other("registrations:import", file.uid)


def _moved(request: PrmRequest, file: RegistrationImport) -> HttpResponse:
    messages.info(request, _("This import is at another step already."))
    return see_other("registrations:import", file.uid)


def _page(
    request: PrmRequest,
    file: RegistrationImport,
    form: Form | None = None,
    *,
    refused: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    can_map = file.state in MAPPED
    context: dict[str, Any] = {
        "file": file,
        "status": (file.get_state_display(), TONES[file.state]),
        "working": file.state in WORKING,
        "progress": _progress(file),
        "form": form if form is not None else ImportMappingForm(file) if can_map else None,
        "can_map": can_map,
        "refused": refused or [],
        "sample": [list(zip(file.header, row, strict=False)) for row in file.sample],
        **_results(file),
    }
    fragment = lists.wants_fragment(request)
    template = (
        "registrations/imports/_step.html" if fragment else "registrations/imports/detail.html"
    )
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ("HX-Request", "HX-History-Restore-Request"))
    return response


def _results(file: RegistrationImport) -> dict[str, Any]:
    """What would happen or has happened: causes with their counts, the first rows, until when undo works."""
    if file.state in WITHOUT_RESULT:
        return {}
    wrong = file.rows.exclude(cause="")
    counted = wrong.order_by().values("cause").annotate(count=Count("pk"), first=Min("number"))
    groups = [
        {
            "code": each["cause"],
            "text": causes.text_of(each["cause"]),
            "hint": causes.hint_of(each["cause"]),
            "count": each["count"],
            "first": each["first"],
        }
        for each in counted.order_by("-count", "cause")
    ]
    until = undo_until(file) if file.state == ImportState.DONE else None
    return {
        "groups": groups,
        "first_rows": [(row, _why(row)) for row in wrong.order_by("number")[:SHOWN_ROWS]],
        "more_rows": max(0, sum(group["count"] for group in groups) - SHOWN_ROWS),
        "noted": file.rows.exclude(notes=[]).count(),
        "undo_until": until if until and until > clock.now() else None,
        "failed": file.errors + file.failed_rows,
        "skipped": file.skips + file.skipped_rows,
        "removed": file.created_rows - file.kept_rows,
    }


def _progress(file: RegistrationImport) -> dict[str, Any]:
    """How far the job is: value and maximum; a check counts bytes, since nobody knows the rows yet."""
    if file.state == ImportState.CHECKING:
        return {"value": file.offset, "max": max(file.size, 1), "rows": file.read_rows, "left": ""}
    total = file.created_rows if file.state == ImportState.UNDOING else file.creates
    left = ""
    if file.state == ImportState.RUNNING:
        left = _left(file.began_at, file.done, total)
    return {"value": file.done, "max": max(total, 1), "rows": file.done, "left": left}


def _left(began: datetime | None, done: int, total: int) -> str:
    """About how long it still takes, once a batch is done."""
    if began is None or not done or done >= total:
        return ""
    seconds = (clock.now() - began).total_seconds() / done * (total - done)
    if seconds < 90:
        return _("about %(seconds)s s left") % {"seconds": max(1, round(seconds))}
    return _("about %(minutes)s min left") % {"minutes": round(seconds / 60)}
