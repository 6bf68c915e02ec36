"""The referee's lists: what waits, in its tabs, and everything there is."""

from typing import Any, cast

import django_filters
from django.db.models import Exists, Q, QuerySet
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from catalog.models import ProductLine
from partners.models import Partner
from prm import clock
from prm.access import VENDOR_ROLES, Audience, Role, access
from prm.http import PrmRequest
from prm.ui import cells, html, lists
from prm.ui.lists import Column, Empty
from prm.ui.nav import NavLink
from registrations import desk, selectors
from registrations.enums import State
from registrations.models import Registration
from registrations.views.case import case_url, last_decision
from registrations.views.common import status_of
from registrations.views.partner import ending_filter, search_deals

OVERDUE = "overdue"
CONFLICTS_OPEN = "open"


def _due(row: Registration) -> Any:
    return html.sla(row.due_at, started=row.submitted_at) if row.due_at else "–"


def _conflicts(row: Any) -> tuple[Any, str]:
    count = row.open_conflicts
    return (count, "warning") if count else (_("none"), "neutral")


CUSTOMER = Column("company", _("Customer"), cells.text("__str__", "reference"), sort="company_name")
PARTNER = Column("partner", _("Partner"), cells.text("partner.name"), sort="partner__name")
STATE = Column("state", _("Status"), cells.status(status_of), sort="state")
VALUE = Column("value", _("Value"), cells.money("value", "currency"), sort="value", align="end")
SUBMITTED = Column(
    "submitted", _("Registered"), cells.moment("submitted_at", "date"), sort="submitted_at"
)
QUEUE_COLUMNS = (
    CUSTOMER,
    PARTNER,
    Column("due", _("Decision by"), cells.Cell(_due, lambda row: row.due_at), sort="due_at"),
    Column("conflicts", _("Conflicts"), cells.status(_conflicts), sort="open_conflicts"),
    VALUE,
    Column("reviewer", _("Reviewer"), cells.text("reviewer.name"), sort="reviewer__name"),
    STATE,
)
ALL_COLUMNS = (
    CUSTOMER,
    PARTNER,
    STATE,
    VALUE,
    Column("stage", _("Stage"), cells.text("get_stage_display"), sort="stage"),
    SUBMITTED,
    Column("number", _("Number"), cells.text("ledger_number"), sort="ledger_number", align="end"),
)


class QueueFilter(django_filters.FilterSet):
    """What a referee narrows the queue by."""

    partner = django_filters.ModelChoiceFilter(label=_("Partner"), queryset=Partner.objects.all())
    state = django_filters.MultipleChoiceFilter(
        label=_("Status"), choices=[(s.value, s.label) for s in State if s != State.DRAFT]
    )

    class Meta:
        model = Registration
        fields: tuple[str, ...] = ()


class DecisionFilter(QueueFilter):
    """The queue's: also by what is late and what collides."""

    due = django_filters.ChoiceFilter(
        label=_("Decision by"),
        empty_label=_("Any"),
        choices=[(OVERDUE, _("Overdue"))],
        method=lambda rows, _name, _value: rows.filter(due_at__lt=clock.now()),
    )
    conflicts = django_filters.ChoiceFilter(
        label=_("Conflicts"),
        empty_label=_("Any"),
        choices=[(CONFLICTS_OPEN, _("Open"))],
        method=lambda rows, _name, _value: rows.filter(Exists(selectors.OPEN_CONFLICTS)),
    )


class EveryFilter(QueueFilter):
    """Of all deals: also by how soon the protection ends."""

    ending = ending_filter()


def search_all(rows: QuerySet[Registration], text: str) -> QuerySet[Registration]:
    """As the partner's search, and by partner or ledger number."""
    found = Q(partner__name__icontains=text)
    if text.isascii() and text.isdigit() and len(text) < 10:
        found |= Q(ledger_number=int(text))
    return rows.filter(found) | search_deals(rows, text)


@access(Audience.VENDOR, roles=VENDOR_ROLES)
@require_GET
def queue(request: PrmRequest) -> HttpResponseBase:
    """The queue in its tabs, by due time and then value."""
    tab = desk.tab_of(request.GET.get("view", ""))
    figures = desk.figures(request)  # before the navigation asks for the same
    page = lists.build(
        request,
        queryset=desk.queue(request.user, tab),
        columns=QUEUE_COLUMNS,
        filterset=DecisionFilter,
        promoted=("partner",),
        search=search_all,
        row_url=lambda row: case_url(row, tab),
        title=_("Decisions"),
        empty=cast(Empty, SimpleLazyObject(lambda: nothing_waits(request))),
        views=cast(Any, SimpleLazyObject(lambda: tabs(request, tab))),
        export_name="decisions",
    )
    if not page.is_narrowed:
        page.paginator.count = figures.tabs[tab]  # counted already
    context = {"tab": tab, "last": last_decision(request)}
    return lists.respond(request, page, "registrations/manage/queue.html", context)


def tabs(request: PrmRequest, current: desk.Tab) -> list[NavLink]:
    """Return the parts of the queue with how many cases each has."""
    counts = desk.figures(request).tabs
    page = reverse("registrations:manage-queue")
    return [
        NavLink(
            str(tab.label),
            page if tab == desk.Tab.WAITING else f"{page}?view={tab.value}",
            "",
            counts[tab],
            active=tab == current,
        )
        for tab in desk.Tab
    ]


def nothing_waits(request: PrmRequest) -> Empty:
    """All is decided; or the portal is new, and its administrator is told what is missing."""
    if ProductLine.objects.exists() or Role.ADMINISTRATOR not in request.user.roles:
        return Empty(_("All clear"), _("No deal waits for a decision."))
    return Empty(
        _("A new portal"),
        _(
            "Partners can register deals once you have product lines, a channel manager and partners."
        ),
        _("Add product lines"),
        reverse("catalog:entries", args=["product-lines"]),
    )


@access(Audience.VENDOR, roles=VENDOR_ROLES)
@require_GET
def every(request: PrmRequest) -> HttpResponseBase:
    """Every registration that was ever submitted."""
    page = lists.build(
        request,
        saved=True,
        queryset=Registration.objects.visible_to(request.user).select_related("partner"),
        columns=ALL_COLUMNS,
        filterset=EveryFilter,
        search=search_all,
        default_sort="-submitted",
        row_url=lists.row_link("registrations:manage-detail", "reference"),
        title=_("All deals"),
        empty=Empty(_("No deals yet"), _("Deals appear here once partners register them.")),
        export_name="deals",
    )
    return lists.respond(request, page, "registrations/manage/list.html")
