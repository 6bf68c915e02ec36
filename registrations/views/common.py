"""What both sides' views share: fetching by reference, and turning a refusal into a sentence."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from companies.services import MergeRefused
from prm.http import PrmRequest
from prm.locks import Busy
from prm.ui.labels import label_of
from registrations.enums import State
from registrations.models import Registration
from registrations.services import Refused
from registrations.transitions import InvalidTransition

TONES: dict[str, tuple[str, str]] = {
    State.DRAFT: ("neutral", "edit"),
    State.SUBMITTED: ("info", "clock"),
    State.IN_REVIEW: ("info", "search"),
    State.ACTION_REQUIRED: ("warning", "warning"),
    State.APPROVED: ("success", "check-circle"),
    State.QUEUED: ("info", "queue"),
    State.REJECTED: ("danger", "x-circle"),
    State.WITHDRAWN: ("neutral", "undo"),
    State.CLOSED: ("neutral", "lock"),
}


def reach(request: PrmRequest, reference: str) -> Registration:
    """Return a registration this person may know of; 404 for every other."""
    rows = Registration.objects.visible_to(request.user).select_related(
        "partner", "owner", "company", "place", "reviewer", "rules", "decided_by", "registered_by"
    )
    rows = rows.prefetch_related("product_lines")
    return get_object_or_404(rows, reference=reference.upper())


def status_of(row: Registration) -> tuple[str, str, str]:
    """Return a registration's status as label, tone and icon."""
    label = label_of(row, "close_code" if row.state == State.CLOSED else "state")
    tone, icon = TONES[row.state]
    return label, tone, icon


def sentence_of(error: Exception) -> str:
    """Return what to say about a move that was refused."""
    if isinstance(error, Refused):
        return str(error.sentence)
    if isinstance(error, Busy):
        return _("Somebody else is working on this customer right now. Try again in a moment.")
    if isinstance(error, InvalidTransition):
        return _("This is no longer possible: the deal is now “%(state)s”.") % {
            "state": State(error.state).label
        }
    return str(error)


REFUSALS = (Refused, Busy, InvalidTransition, MergeRefused)


def attempt(request: HttpRequest, done: str, move: Callable[[], Any]) -> bool:
    """Do a move; say that it is done, or why not. Return whether it was done."""
    try:
        move()
    except REFUSALS as error:
        messages.error(request, sentence_of(error))
        return False
    messages.success(request, done)
    return True
