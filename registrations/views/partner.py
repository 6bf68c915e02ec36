"""The partner's own deals: list, page, and what can be done after registering."""

from datetime import date
from functools import lru_cache
from typing import Any

import django_filters
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from prm import events
from prm.access import PARTNER_ROLES, Audience, access
from prm.events.entries import Entry, entries
from prm.http import PrmRequest, see_other
from prm.ui import cells, lists
from prm.ui.lists import Column, Empty
from registrations import selectors, services, transitions
from registrations.enums import Action, CloseCode, Stage, State, TouchKind
from registrations.forms import AnswerForm, CloseForm, StageForm, VersionForm
from registrations.labels import STAFF_ONLY
from registrations.models import Registration
from registrations.views.common import REFUSALS, attempt, reach, sentence_of, status_of


def _month(row: Registration) -> str:
    day = row.expected_close
    return _month_of(day.year, day.month, get_language() or "en") if day else ""


@lru_cache(maxsize=512)
def _month_of(year: int, month: int, language: str) -> str:
    with override(language):
        return date_format(date(year, month, 1), "M Y")


COLUMNS = (
    Column(
        "company", gettext_lazy("Customer"), cells.text("__str__", "reference"), sort="company_name"
    ),
    Column("state", gettext_lazy("Status"), cells.status(status_of), sort="state"),
    Column(
        "value", gettext_lazy("Value"), cells.money("value", "currency"), sort="value", align="end"
    ),
    Column("stage", gettext_lazy("Stage"), cells.text("get_stage_display"), sort="stage"),
    Column(
        "close",
        gettext_lazy("Expected close"),
        cells.Cell(lambda row: _month(row) or "–", lambda row: row.expected_close),
        sort="expected_close",
    ),
    Column("owner", gettext_lazy("Registered by"), cells.text("owner.name"), sort="owner__name"),
    Column(
        "updated", gettext_lazy("Changed"), cells.moment("updated_at", "date"), sort="updated_at"
    ),
)


SHOWN = (
    "uid", "reference", "company_name", "state", "close_code", "value", "currency", "stage",
    "expected_close", "updated_at", "owner__name",
)  # fmt: skip
"""What the list reads of a row: a third of its columns; the test of constant queries guards it."""


def ending_filter() -> Any:
    """Return the filter by how soon a protection ends; partners and staff have the same."""
    return django_filters.ChoiceFilter(
        label=gettext_lazy("Protection ends"),
        empty_label=gettext_lazy("Any time"),
        choices=list(WITHIN.items()),
        method=lambda rows, _name, days: rows.ending_within(int(days)),
    )


WITHIN = {
    "14": gettext_lazy("within 14 days"),
    "30": gettext_lazy("within 30 days"),
    "60": gettext_lazy("within 60 days"),
}


class DealFilter(django_filters.FilterSet):
    """What a partner narrows its list by."""

    state = django_filters.MultipleChoiceFilter(label=gettext_lazy("Status"), choices=State.choices)
    stage = django_filters.MultipleChoiceFilter(label=gettext_lazy("Stage"), choices=Stage.choices)
    ending = ending_filter()

    class Meta:
        model = Registration
        fields: tuple[str, ...] = ()


def search_deals(rows: QuerySet[Registration], text: str) -> QuerySet[Registration]:
    """Narrow to deals whose customer, domain or reference contains the text."""
    return rows.filter(
        Q(company_name__icontains=text) | Q(website__icontains=text) | Q(reference__icontains=text)
    )


@access(Audience.PARTNER, roles=PARTNER_ROLES)
@require_GET
def deals(request: PrmRequest) -> HttpResponseBase:
    """Everything of the partner's own, newest change first."""
    page = lists.build(
        request,
        queryset=Registration.objects.visible_to(request.user).select_related("owner").only(*SHOWN),
        columns=COLUMNS,
        filterset=DealFilter,
        search=search_deals,
        default_sort="-updated",
        row_url=lists.row_link("registrations:detail", "reference"),
        title=gettext_lazy("Deals"),
        empty=Empty(
            gettext_lazy("No deals yet"),
            gettext_lazy("Register a deal and, once approved, it is yours for 90 days."),
            gettext_lazy("Register a deal"),
            reverse("registrations:new"),
        ),
        export_name="deals",
    )
    return lists.respond(request, page, "registrations/partner/list.html")


@access(Audience.PARTNER, roles=PARTNER_ROLES)
@require_GET
def detail(request: PrmRequest, reference: str) -> HttpResponse:
    """One deal as its partner sees it; a draft goes on where it was left."""
    row = reach(request, reference)
    if row.state == State.DRAFT:
        page = (
            "registrations:check" if not selectors.missing_fields(row) else "registrations:customer"
        )
        return see_other(page, row.reference)
    return _detail(request, row)


def _detail(
    request: PrmRequest, row: Registration, status: int = 200, **forms: Any
) -> HttpResponse:
    allowed = transitions.actions(State(row.state))
    protection = selectors.protection_of(row)
    context = {
        "row": row,
        "status": status_of(row),
        "lines": row.product_lines.all(),
        "protection": protection,
        "timeline": _happened(row),
        "next_in_line": selectors.line_position(row),
        "can_withdraw": Action.WITHDRAW in allowed,
        "can_answer": Action.ANSWER in allowed,
        "is_running": row.state == State.APPROVED,
        "stage_form": StageForm(initial={"stage": row.stage}),
        "answer_form": AnswerForm(initial={"version": row.version}),
        **forms,
    }
    return render(request, "registrations/partner/detail.html", context, status=status)


def _happened(row: Registration) -> list[Entry]:
    """Return what the partner may know of its deal's history: that, when and by whom; no details."""
    every = events.timeline(row).exclude(code__in=STAFF_ONLY).order_by("-at", "-id")
    shown = selectors.without_undone(row, every)
    return entries(shown.select_related("detail"), details=False)


@access(Audience.PARTNER, roles=PARTNER_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: PrmRequest, reference: str) -> HttpResponse:
    """Ask, then take a registration back."""
    row = reach(request, reference)
    if request.method != "POST":
        return render(request, "registrations/partner/withdraw.html", {"row": row})
    form = VersionForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else 0
    attempt(
        request,
        _("The deal is withdrawn."),
        lambda: services.withdraw_registration(row, actor=request.user, version=version),
    )
    return see_other("registrations:detail", row.reference)


@access(Audience.PARTNER, roles=PARTNER_ROLES)
@require_POST
def answer(request: PrmRequest, reference: str) -> HttpResponse:
    """Answer the vendor's question."""
    row = reach(request, reference)
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            services.answer_question(row, actor=request.user, **form.cleaned_data)
        except REFUSALS as error:
            form.add_error(None, sentence_of(error))
            row = reach(request, reference)
            form.read_again(row.version)
        else:
            messages.success(request, _("Your answer is with the vendor; its clock runs again."))
            return see_other("registrations:detail", row.reference)
    return _detail(request, row, 422, answer_form=form, form=form)


@access(Audience.PARTNER, roles=PARTNER_ROLES)
@require_POST
def still_active(request: PrmRequest, reference: str) -> HttpResponse:
    """Say that the deal is still active."""
    row = reach(request, reference)
    attempt(
        request,
        _("Noted: this deal is still active."),
        lambda: services.touch_registration(row, kind=TouchKind.PAGE, actor=request.user),
    )
    return see_other("registrations:detail", row.reference)


@access(Audience.PARTNER, roles=PARTNER_ROLES)
@require_POST
def stage(request: PrmRequest, reference: str) -> HttpResponse:
    """Move the sales stage."""
    row = reach(request, reference)
    form = StageForm(request.POST)
    if not form.is_valid():
        return _detail(request, row, 422, stage_form=form, form=form)
    chosen = Stage(form.cleaned_data["stage"])
    attempt(
        request,
        _("The sales stage is now “%(stage)s”.") % {"stage": chosen.label},
        lambda: services.move_stage(row, chosen, actor=request.user),
    )
    return see_other("registrations:detail", row.reference)


@access(Audience.PARTNER, roles=PARTNER_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: PrmRequest, reference: str) -> HttpResponse:
    """Close a running deal as won, lost or released."""
    row = reach(request, reference)
    form = CloseForm(request.POST or None, initial={"version": row.version})
    if request.method == "POST" and form.is_valid():
        code = CloseCode(form.cleaned_data["code"])
        attempt(
            request,
            _("The deal is closed: %(how)s.") % {"how": code.label},
            lambda: services.close_registration(
                row, code, actor=request.user, version=form.cleaned_data["version"]
            ),
        )
        return see_other("registrations:detail", row.reference)
    status = 422 if request.method == "POST" else 200
    return render(
        request, "registrations/partner/close.html", {"row": row, "form": form}, status=status
    )
