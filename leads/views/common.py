"""What all sides' views share: fetching by reference, statuses, and turning a refusal into a sentence."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from companies.services import NameUnusable
from leads.enums import OfferState, State
from leads.models import Lead, Offer
from leads.services import Refused
from leads.transitions import InvalidTransition
from prm.http import PrmRequest
from prm.locks import Busy
from prm.ui.labels import label_of

TONES: dict[str, tuple[str, str]] = {
    State.NEW: ("neutral", "edit"),
    State.QUALIFYING: ("info", "search"),
    State.QUALIFIED: ("warning", "clock"),
    State.DISQUALIFIED: ("neutral", "x-circle"),
    State.OFFERED: ("info", "mail"),
    State.ACCEPTED: ("success", "check"),
    State.CONTACTED: ("success", "check"),
    State.WORKING: ("success", "edit"),
    State.CONVERTED: ("success", "deal"),
    State.WON: ("success", "check-circle"),
    State.LOST: ("neutral", "x-circle"),
}
OFFER_TONES: dict[str, tuple[str, str]] = {
    OfferState.OFFERED: ("warning", "clock"),
    OfferState.ACCEPTED: ("success", "check"),
    OfferState.DECLINED: ("neutral", "x-circle"),
    OfferState.TIMED_OUT: ("danger", "clock"),
    OfferState.WITHDRAWN: ("neutral", "undo"),
    OfferState.TAKEN_BACK: ("neutral", "undo"),
}
REFUSALS = (Refused, Busy, InvalidTransition, NameUnusable)


def reach(request: PrmRequest, reference: str) -> Lead:
    """Return a lead this person may know of; 404 for every other."""
    rows = Lead.objects.visible_to(request.user).select_related(
        "partner", "seller", "agent", "company", "place", "registration"
    )
    return get_object_or_404(rows, reference=reference.upper())


def reach_offer(request: PrmRequest, reference: str) -> Offer:
    """Return an offer of the person's own partner; 404 for every other."""
    rows = Offer.objects.visible_to(request.user).select_related(
        "partner", "seller", "lead__place", "lead__registration", "distribution__rules"
    )
    return get_object_or_404(rows, reference=reference.upper())


def status_of(row: Lead) -> tuple[str, str, str]:
    """Return a lead's status as label, tone and icon."""
    tone, icon = TONES[row.state]
    return label_of(row, "state"), tone, icon


def offer_status(offer: Offer) -> tuple[str, str, str]:
    """Return an offer's status; one that is held shows how far its lead is."""
    if offer.is_held:
        return status_of(offer.lead)
    tone, icon = OFFER_TONES[offer.state]
    return label_of(offer, "state"), tone, icon


def sentence_of(error: Exception) -> str:
    """Return what to say about a move that was refused."""
    if isinstance(error, Refused):
        return str(error.sentence)
    if isinstance(error, Busy):
        return _("Somebody else is working on this right now. Try again in a moment.")
    if isinstance(error, InvalidTransition):
        return _("This is no longer possible: the lead is now “%(state)s”.") % {
            "state": State(error.state).label
        }
    return str(error)


def attempt(request: HttpRequest, done: str, move: Callable[[], Any]) -> bool:
    """Do a move; say that it is done, or why not. Return whether it was done."""
    try:
        move()
    except REFUSALS as error:
        messages.error(request, sentence_of(error))
        return False
    messages.success(request, done)
    return True
