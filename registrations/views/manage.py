"""The referee's desk: what waits, everything there is, and one registration with its conflicts."""

from typing import Any, cast

import django_filters
from django.db.models import Exists, Q, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from catalog.models import ProductLine
from companies import matching
from companies import selectors as company_selectors
from companies.enums import Standing
from companies.selectors import Likely
from partners.models import Partner
from prm import clock, events
from prm.access import VENDOR_ROLES, Audience, Role, access
from prm.events.entries import entries
from prm.http import PrmRequest
from prm.ui import cells, html, lists
from prm.ui.lists import Column, Empty
from registrations import policies, selectors, transitions, weighing
from registrations.comparing import compare
from registrations.enums import WAITING_STATES, Action, Settlement, State
from registrations.forms import ApproveForm, AskForm, QueueForm, RejectForm, SettleForm
from registrations.models import Registration
from registrations.views.common import reach, status_of
from registrations.views.partner import ending_filter, search_deals

OVERDUE = "overdue"
CONFLICTS_OPEN = "open"

FORMS: dict[str, Any] = {
    "approve_form": ApproveForm,
    "reject_form": RejectForm,
    "queue_form": QueueForm,
    "ask_form": AskForm,
}


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
    Column(
        "due", _("Decision by"), cells.Cell(_due, lambda row: row.due_at), sort=("due_at", "id")
    ),
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
    """What waits for a decision, by due time and then value."""
    page = lists.build(
        request,
        queryset=selectors.decision_queue(request.user).filter(state__in=WAITING_STATES),
        columns=QUEUE_COLUMNS,
        filterset=DecisionFilter,
        promoted=("partner",),
        search=search_all,
        default_sort="due",
        row_url=lists.row_link("registrations:manage-detail", "reference"),
        title=_("Decisions"),
        empty=cast(Empty, SimpleLazyObject(lambda: nothing_waits(request))),
        export_name="decisions",
    )
    return lists.respond(request, page, "registrations/manage/queue.html")


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


@access(Audience.VENDOR, roles=VENDOR_ROLES)
@require_GET
def detail(request: PrmRequest, reference: str) -> HttpResponse:
    """One registration with its customer, its conflicts side by side, and the decision."""
    return show(request, reach(request, reference))


def show(request: PrmRequest, row: Registration, status: int = 200, **forms: Any) -> HttpResponse:
    """Render a registration for staff; a refused form comes back with what was typed."""
    context = {
        "row": row,
        "status": status_of(row),
        "lines": row.product_lines.all(),
        "protection": selectors.protection_of(row),
        **_conflicts_of(row),
        "timeline": entries(events.timeline(row).select_related("detail").order_by("-at", "-id")),
        "candidates": _candidates(row),
        "confirmed": bool(row.company and row.company.standing == Standing.CONFIRMED),
        "settle_choices": SettleForm.base_fields["settlement"].choices,  # type: ignore[attr-defined]
        **_moves(request, row),
        **{name: form(initial={"version": row.version}) for name, form in FORMS.items()},
        **forms,
    }
    return render(request, "registrations/manage/detail.html", context, status=status)


def _moves(request: PrmRequest, row: Registration) -> dict[str, Any]:
    """What this person may do now; buttons and services ask the same questions."""
    allowed = transitions.actions(State(row.state))
    if row.state == State.SUBMITTED:
        allowed |= transitions.actions(State.IN_REVIEW)
    can = policies.can_decide(request.user, row)
    held = False
    if row.company_id and can and Action.QUEUE in allowed:
        scope = selectors.scope_of(row)
        held = selectors.holders_of(row.company_id, scope, clock.now()).exists()
    return {
        "can_decide": can and bool(allowed & {Action.APPROVE, Action.REJECT, Action.ASK}),
        "can_approve": can and Action.APPROVE in allowed and not held,
        "can_queue": can and Action.QUEUE in allowed and held,
        "can_reject": can and Action.REJECT in allowed,
        "can_ask": can and Action.ASK in allowed,
        "can_take": can and row.state in WAITING_STATES and row.reviewer_id != request.user.pk,
        "can_settle": can and row.state in WAITING_STATES,
        "is_held": held,
    }


def _conflicts_of(row: Registration) -> dict[str, list[dict[str, Any]]]:
    """What it collides with, side by side; and what was looked at and does not matter, in a line."""
    found = list(selectors.conflicts_of(row))
    known = weighing.names() if found else {}
    panels: dict[str, list[dict[str, Any]]] = {"conflicts": [], "filed": []}
    for one in found:
        account = weighing.account(one, known)
        if one.settlement == Settlement.OUT_OF_SCOPE:
            panels["filed"].append({"conflict": one, "account": account})
        else:
            panels["conflicts"].append({**_side_by_side(one), "account": account})
    return panels


def _side_by_side(conflict: Any) -> dict[str, Any]:
    ours, other = conflict.registration, conflict.other
    theirs = f"{other.partner.name}, {other.reference}" if other else conflict.company.name
    heads = ["", f"{ours.partner.name}, {ours.reference}", theirs]
    return {"conflict": conflict, "rows": compare(conflict), "heads": heads}


def _candidates(row: Registration) -> list[Likely]:
    """Companies that may be the customer, with the evidence in words; only until it is confirmed."""
    if row.company is None or row.company.standing == Standing.CONFIRMED:
        return []
    found = matching.find(
        matching.CompanyQuery(
            name=row.company_name,
            domain=row.website,
            country=row.country,
            exclude_company_id=row.company.pk,
        )
    )
    return company_selectors.present(found)
