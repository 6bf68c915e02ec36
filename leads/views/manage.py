"""The distributor's desk: every lead, and one lead with its candidates and why not the others."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from leads import policies, selectors, transitions
from leads.distribution import TURN
from leads.enums import Action, Outcome, Rating, Reason, State
from leads.forms import AssignForm, DisqualifyForm, ReasonForm, TakeBackForm
from leads.models import Candidate, Lead
from leads.views.common import offer_status, reach, status_of
from partners.models import Partner
from prm import clock, events
from prm.access import VENDOR_ROLES, Audience, access
from prm.events.entries import entries
from prm.http import PrmRequest
from prm.ui import cells, lists
from prm.ui.labels import label_of
from prm.ui.lists import Bulk, Column, Empty
from registrations.enums import ConflictKind
from registrations.models import Registration

COLUMNS = (
    Column("company", _("Customer"), cells.text("__str__", "reference"), sort="company_name"),
    Column("state", _("Status"), cells.status(status_of), sort="state"),
    Column(
        "rating",
        _("Rating"),
        cells.text(lambda row: label_of(row, "rating").partition(":")[0]),
        sort="rating",
    ),
    Column("value", _("Value"), cells.money("value", "currency"), sort="value", align="end"),
    Column("place", _("Territory"), cells.text("place.label"), sort="place__name"),
    Column("partner", _("Partner"), cells.text("partner.name"), sort="partner__name"),
    Column("agent", _("Entered by"), cells.text("agent.name"), sort="agent__name"),
    Column("qualified", _("Qualified"), cells.moment("qualified_at", "date"), sort="qualified_at"),
)
OUTCOME_TONES = {
    Outcome.CHOSEN: ("success", "check-circle"),
    Outcome.WAITING: ("info", "queue"),
    Outcome.RANKED: ("info", "sort"),
    Outcome.EXCLUDED: ("neutral", "minus-circle"),
}


class LeadFilter(django_filters.FilterSet):
    """What staff narrow the list by."""

    state = django_filters.MultipleChoiceFilter(
        label=_("Status"), choices=[(s.value, s.label) for s in State if s != State.NEW]
    )
    partner = django_filters.ModelChoiceFilter(label=_("Partner"), queryset=Partner.objects.all())
    rating = django_filters.MultipleChoiceFilter(label=_("Rating"), choices=Rating.choices)

    class Meta:
        model = Lead
        fields: tuple[str, ...] = ()


def search_leads(rows: QuerySet[Lead], text: str) -> QuerySet[Lead]:
    """Narrow to leads whose customer, reference, source or partner contains the text."""
    return rows.filter(
        Q(company_name__icontains=text)
        | Q(reference__icontains=text)
        | Q(source__icontains=text)
        | Q(partner__name__icontains=text)
    )


@access(Audience.VENDOR, roles=VENDOR_ROLES)
@require_GET
def leads(request: PrmRequest) -> HttpResponseBase:
    """Every lead that was entered; qualified ones can be distributed together."""
    can = policies.can_distribute(request.user)
    choose: Any = SimpleLazyObject(lambda: reverse("leads:manage-choose"))
    page = lists.build(
        request,
        saved=True,
        queryset=selectors.staff_list(request.user),
        columns=COLUMNS,
        filterset=LeadFilter,
        search=search_leads,
        default_sort="-qualified",
        row_url=lists.row_link("leads:manage-detail", "reference"),
        key=lambda row: str(row.reference),
        title=_("Leads"),
        empty=Empty(_("No leads yet"), _("Leads appear here once agents enter them.")),
        bulk=[Bulk(_("Distribute"), choose, "primary")] if can else [],
        export_name="leads",
    )
    return lists.respond(request, page, "leads/manage/list.html", {"can_distribute": can})


@access(Audience.VENDOR, roles=VENDOR_ROLES)
@require_GET
def detail(request: PrmRequest, reference: str) -> HttpResponse:
    """One lead: what is known, who could get it and why, what happened."""
    return show(request, reach(request, reference))


def show(request: PrmRequest, row: Lead, status: int = 200, **forms: Any) -> HttpResponse:
    """Render a lead for staff; a refused form comes back with what was typed."""
    made = selectors.last_distribution(row)
    offers = list(selectors.offers_made(row))
    seen = {"version": row.version}
    context = {
        "row": row,
        "status": status_of(row),
        "lines": row.product_lines.all(),
        "skills": row.skills.all(),
        "offers": [(offer, offer_status_for_staff(offer)) for offer in offers],
        "open_offer": next((offer for offer in offers if offer.is_open), None),
        "made": made,
        "candidates": [_shown(c) for c in selectors.candidates_of(made)] if made else [],
        "replays": selectors.replays(made) if made else None,
        "others": _others(row),
        "timeline": entries(events.timeline(row).select_related("detail").order_by("-at", "-id")),
        "assign_form": AssignForm(
            initial={**seen, "partner": request.GET.get("partner", "").upper()}
        ),
        "withdraw_form": ReasonForm(initial=seen),
        "back_form": TakeBackForm(initial=seen),
        "disqualify_form": DisqualifyForm(initial=seen),
        **_moves(request, row),
        **forms,
    }
    return render(request, "leads/manage/detail.html", context, status=status)


def offer_status_for_staff(offer: Any) -> tuple[str, str, str]:
    """Return how an offer itself ended; the lead's own status stands above."""
    return (
        offer_status(offer) if not offer.is_held else (label_of(offer, "state"), "success", "check")
    )


def _moves(request: PrmRequest, row: Lead) -> dict[str, bool]:
    """What this person may do now; buttons and services ask the same questions."""
    allowed = transitions.actions(State(row.state))
    can = policies.can_distribute(request.user)
    return {
        "can_offer": can and Action.OFFER in allowed,
        "can_withdraw": can and Action.WITHDRAW in allowed,
        "can_take_back": can and Action.TAKE_BACK in allowed,
        "can_disqualify": can and Action.DISQUALIFY in allowed,
    }


def _shown(each: Candidate) -> dict[str, Any]:
    """Return a candidate as the table shows it: outcome, reasons in words, and the turns behind it."""
    outcome = Outcome(each.outcome)
    return {
        "partner": each.partner,
        "outcome": (outcome.label, *OUTCOME_TONES[outcome]),
        "reasons": [Reason(code).label for code in each.reasons],
        "weight": each.weight,
        "credit": each.credit / TURN,
        "share": each.share / TURN,
        "open_leads": each.facts["open_leads"],
        "eligible": outcome != Outcome.EXCLUDED,
    }


def _others(row: Lead) -> list[tuple[str, Registration]]:
    """Return the registrations of partners that are at this customer already."""
    claims = selectors.others_at(row, clock.now())
    found = Registration.objects.select_related("partner").in_bulk(
        [claim.registration for claim in claims if claim.registration]
    )
    return [
        (str(ConflictKind(claim.kind).label), found[claim.registration])
        for claim in claims
        if claim.registration in found
    ]
