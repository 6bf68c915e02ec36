"""What a partner is offered, and its own leads. What is over shows that it is over, and nothing else."""

from typing import Any

import django_filters
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from leads import selectors, services, transitions
from leads.enums import Action, DeclineCode, LostCode, OfferState, State
from leads.forms import DeclineForm, LostForm
from leads.models import Offer
from leads.views.common import REFUSALS, attempt, offer_status, reach_offer, sentence_of
from prm.access import PARTNER_ROLES, Audience, access
from prm.http import PrmRequest, see_other
from prm.money import Money
from prm.ui import cells, html, lists
from prm.ui.lists import Column, Empty

READABLE = (OfferState.OFFERED, OfferState.ACCEPTED)
"""Offers whose lead the partner may still read (contact data only once it is accepted)."""


def _customer(offer: Offer) -> str:
    return offer.lead.company_name if offer.state in READABLE else _("No longer yours to read")


def _due(offer: Offer) -> Any:
    """Return what is due next: the answer, the first contact, the deal."""
    lead = offer.lead
    if offer.is_open:
        return html.sla(offer.expires_at, started=offer.offered_at)
    if offer.is_held and lead.state == State.ACCEPTED:
        return html.sla(lead.contact_by, started=lead.accepted_at)
    if offer.is_held and lead.state in {State.CONTACTED, State.WORKING}:
        return html.sla(lead.convert_by, started=lead.accepted_at)
    return html.NOTHING


def _value(offer: Offer) -> Money | None:
    return offer.lead.money if offer.state in READABLE else None


COLUMNS = (
    Column("customer", gettext_lazy("Customer"), cells.text(_customer, "reference")),
    Column("state", gettext_lazy("Status"), cells.status(offer_status), sort="state"),
    Column("due", gettext_lazy("Due"), cells.Cell(_due, lambda o: o.expires_at), sort="expires_at"),
    Column(
        "value",
        gettext_lazy("Value"),
        cells.money(
            lambda o: value.amount if (value := _value(o)) else None,
            lambda o: value.currency if (value := _value(o)) else "",
        ),
        align="end",
    ),
    Column("seller", gettext_lazy("For"), cells.text("seller.name"), sort="seller__name"),
    Column(
        "offered", gettext_lazy("Offered"), cells.moment("offered_at", "date"), sort="offered_at"
    ),
)


class OfferFilter(django_filters.FilterSet):
    """What a partner narrows its list by."""

    state = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Status"), choices=OfferState.choices
    )

    class Meta:
        model = Offer
        fields: tuple[str, ...] = ()


def search(rows: QuerySet[Offer], text: str) -> QuerySet[Offer]:
    """Narrow by reference, or by the customer of what may be read: no search in what is over."""
    readable = Q(lead__company_name__icontains=text, state__in=READABLE)
    return rows.filter(readable | Q(reference__icontains=text))


@access(Audience.PARTNER, roles=PARTNER_ROLES)
@require_GET
def offers(request: PrmRequest) -> HttpResponseBase:
    """Everything that the partner was offered, the newest first; what waits for an answer on top."""
    page = lists.build(
        request,
        saved=True,
        queryset=selectors.offers_of(request.user),
        columns=COLUMNS,
        filterset=OfferFilter,
        search=search,
        default_sort="-offered",
        row_url=lists.row_link("leads:offer", "reference"),
        title=gettext_lazy("Leads"),
        empty=Empty(
            gettext_lazy("No leads yet"),
            gettext_lazy("We offer you leads in your territories when it is your turn."),
        ),
        export_name="leads",
    )
    waiting = selectors.waiting_for(request.user)
    return lists.respond(request, page, "leads/partner/list.html", {"waiting": waiting})


@access(Audience.PARTNER, roles=PARTNER_ROLES)
@require_GET
def detail(request: PrmRequest, reference: str) -> HttpResponse:
    """One offer: masked until it is accepted, in full while it is held, one line when it is over."""
    return _detail(request, reach_offer(request, reference))


def _detail(request: PrmRequest, offer: Offer, status: int = 200, **more: Any) -> HttpResponse:
    context: dict[str, Any] = {"offer": offer, "status": offer_status(offer), **more}
    if offer.state in READABLE:
        lead = offer.lead
        context |= {"lines": lead.product_lines.all(), "skills": lead.skills.all()}
        context |= {"row": lead} if offer.is_held else {"row": _masked(offer)}
    if offer.is_held:
        allowed = transitions.actions(State(offer.lead.state))
        context |= {
            "can_contact": Action.CONTACT in allowed,
            "can_make_deal": Action.WORK in allowed,
            "can_lose": Action.LOSE in allowed and offer.lead.state != State.CONVERTED,
            "deal": offer.lead.registration,
        }
    return render(request, "leads/partner/offer.html", context, status=status)


def _masked(offer: Offer) -> dict[str, Any]:
    """Return what may be read before acceptance; whatever is not named here stays hidden."""
    lead = offer.lead
    return {
        "company_name": lead.company_name,
        "country": lead.country,
        "place": lead.place,
        "need": lead.need,
        "value": lead.value,
        "currency": lead.currency,
        "rating": lead.rating,
        "get_rating_display": lead.get_rating_display(),
    }


@access(Audience.PARTNER, roles=PARTNER_ROLES)
@require_POST
def accept(request: PrmRequest, reference: str) -> HttpResponse:
    """Accept an offer: it is the partner's, and contact data shows."""
    offer = reach_offer(request, reference)
    attempt(
        request,
        _("The lead is yours. Here is whom to contact."),
        lambda: services.accept_offer(offer, actor=request.user),
    )
    return see_other("leads:offer", offer.reference)


@access(Audience.PARTNER, roles=PARTNER_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: PrmRequest, reference: str) -> HttpResponse:
    """Ask why, then decline."""
    offer = reach_offer(request, reference)
    if not offer.is_open:
        return see_other("leads:offer", offer.reference)
    form = DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        code = DeclineCode(values["code"])
        attempt(
            request,
            _("Declined. Thank you for saying so."),
            lambda: services.decline_offer(offer, code, note=values["note"], actor=request.user),
        )
        return see_other("leads:offer", offer.reference)
    status = 422 if request.method == "POST" else 200
    context = {"offer": offer, "form": form}
    return render(request, "leads/partner/decline.html", context, status=status)


@access(Audience.PARTNER, roles=PARTNER_ROLES)
@require_POST
def contacted(request: PrmRequest, reference: str) -> HttpResponse:
    """Note that the customer was contacted."""
    offer = reach_offer(request, reference)
    attempt(
        request,
        _("Noted: you have contacted the customer."),
        lambda: services.mark_contacted(offer, actor=request.user),
    )
    return see_other("leads:offer", offer.reference)


@access(Audience.PARTNER, roles=PARTNER_ROLES)
@require_POST
def deal(request: PrmRequest, reference: str) -> HttpResponse:
    """Turn the lead into a draft of a deal, filled in, and go there."""
    offer = reach_offer(request, reference)
    try:
        draft = services.make_deal(offer, actor=request.user)
    except REFUSALS as error:
        messages.error(request, sentence_of(error))
        return see_other("leads:offer", offer.reference)
    messages.success(request, _("We have filled in what we know. Check it and register the deal."))
    return see_other("registrations:deal", draft.reference)


@access(Audience.PARTNER, roles=PARTNER_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def lost(request: PrmRequest, reference: str) -> HttpResponse:
    """Ask why, then close an accepted lead as lost."""
    offer = reach_offer(request, reference)
    if not offer.is_held:
        return see_other("leads:offer", offer.reference)
    form = LostForm(request.POST or None, initial={"version": offer.lead.version})
    if request.method == "POST" and form.is_valid():
        code = LostCode(form.cleaned_data["code"])
        attempt(
            request,
            _("The lead is closed: %(why)s.") % {"why": code.label},
            lambda: services.lose_lead(
                offer, code, actor=request.user, version=form.cleaned_data["version"]
            ),
        )
        return see_other("leads:offer", offer.reference)
    status = 422 if request.method == "POST" else 200
    context = {"offer": offer, "row": offer.lead, "form": form}
    return render(request, "leads/partner/lost.html", context, status=status)
