"""The partner's own deals: the list, and the page of each."""

from datetime import date
from functools import lru_cache
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy, override
from django.views.decorators.http import require_GET

from prm.access import PARTNER_ROLES, Audience, access
from prm.http import PrmRequest, see_other
from prm.ui import cells, lists
from prm.ui.lists import Column, Empty
from registrations import selectors
from registrations.enums import Stage, State
from registrations.models import Registration
from registrations.views import tabs
from registrations.views.common import reach, status_of
from registrations.views.deal_page import show


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
    """Everything of the partner's own, newest change first; tabs narrow it to what it waits for."""
    tab = tabs.chosen(request)
    rows = tabs.narrow(Registration.objects.visible_to(request.user), tab)
    page = lists.build(
        request,
        queryset=rows.select_related("owner").only(*SHOWN),
        views=tabs.of(request, tab),
        saved=True,
        columns=COLUMNS,
        filterset=DealFilter,
        search=search_deals,
        default_sort="-updated",
        row_url=lists.row_link("registrations:detail", "reference"),
        title=gettext_lazy("Deals"),
        empty=_nothing(tab),
        export_name="deals",
    )
    return lists.respond(request, page, "registrations/partner/list.html")


def _nothing(tab: str) -> Empty:
    """What the list says when there is nothing in it, or nothing in a tab."""
    if tab:
        return Empty(
            gettext_lazy("Nothing here now"),
            gettext_lazy("No deal of yours stands like this."),
            gettext_lazy("All deals"),
            reverse("registrations:list"),
        )
    return Empty(
        gettext_lazy("No deals yet"),
        gettext_lazy("Register a deal and, once approved, it is yours for 90 days."),
        gettext_lazy("Register a deal"),
        reverse("registrations:new"),
    )


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
    return show(request, row)
