"""The referee's moves: each a form that posts, each refused with a sentence, never with an error page."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from companies.models import Company
from prm.access import Audience, Role, access
from prm.http import PrmRequest, see_other
from registrations import services
from registrations.enums import DeclineCode, Settlement
from registrations.forms import ApproveForm, AskForm, QueueForm, RejectForm, SettleForm, VersionForm
from registrations.models import Registration
from registrations.views.common import REFUSALS, attempt, reach, sentence_of
from registrations.views.manage import show

REFEREES = (Role.CHANNEL_MANAGER, Role.ADMINISTRATOR)
Move = Callable[..., Registration]


def _decide(
    request: PrmRequest,
    row: Registration,
    form: VersionForm,
    slot: str,
    move: Callable[[], Any],
    done: str,
) -> HttpResponse:
    """Make a decision from a form; refused, the page comes back with the sentence and what was typed."""
    if form.is_valid():
        try:
            move()
        except REFUSALS as error:
            form.add_error(None, sentence_of(error))
            row = reach(request, row.reference)
            form.read_again(row.version)
        else:
            attempt(request, done, lambda: None)
            return see_other("registrations:manage-detail", row.reference)
    return show(request, row, 422, **{slot: form, "form": form})


@access(Audience.VENDOR, roles=REFEREES)
@require_POST
def take(request: PrmRequest, reference: str) -> HttpResponse:
    """Take a registration into review."""
    row = reach(request, reference)
    attempt(
        request,
        _("This deal is yours to decide."),
        lambda: services.take_registration(row, actor=request.user),
    )
    return see_other("registrations:manage-detail", row.reference)


@access(Audience.VENDOR, roles=REFEREES)
@require_POST
def customer(request: PrmRequest, reference: str) -> HttpResponse:
    """Confirm who the customer is: a company of the directory, or a new one."""
    row = reach(request, reference)
    chosen = request.POST.get("company", "")
    company = get_object_or_404(Company, uid=_uuid(chosen)) if chosen else None
    attempt(
        request,
        _("The customer is confirmed."),
        lambda: services.confirm_customer(row, company, actor=request.user),
    )
    return see_other("registrations:manage-detail", row.reference)


@access(Audience.VENDOR, roles=REFEREES)
@require_POST
def approve(request: PrmRequest, reference: str) -> HttpResponse:
    """Approve."""
    row, form = reach(request, reference), ApproveForm(request.POST)
    return _decide(
        request,
        row,
        form,
        "approve_form",
        lambda: services.approve_registration(row, actor=request.user, **form.cleaned_data),
        _("Approved. The partner is told in 30 seconds."),
    )


@access(Audience.VENDOR, roles=REFEREES)
@require_POST
def queue(request: PrmRequest, reference: str) -> HttpResponse:
    """Put in line."""
    row, form = reach(request, reference), QueueForm(request.POST)
    return _decide(
        request,
        row,
        form,
        "queue_form",
        lambda: services.queue_registration(row, actor=request.user, **form.cleaned_data),
        _("The deal is in line. The partner is told in 30 seconds."),
    )


@access(Audience.VENDOR, roles=REFEREES)
@require_POST
def decline(request: PrmRequest, reference: str) -> HttpResponse:
    """Decline."""
    row, form = reach(request, reference), RejectForm(request.POST)

    def move() -> Registration:
        values = form.cleaned_data
        return services.reject_registration(
            row,
            actor=request.user,
            code=DeclineCode(values["code"]),
            note=values["note"],
            version=values["version"],
        )

    return _decide(
        request, row, form, "reject_form", move, _("Declined. The partner is told in 30 seconds.")
    )


@access(Audience.VENDOR, roles=REFEREES)
@require_POST
def ask(request: PrmRequest, reference: str) -> HttpResponse:
    """Ask for more."""
    row, form = reach(request, reference), AskForm(request.POST)
    return _decide(
        request,
        row,
        form,
        "ask_form",
        lambda: services.ask_for_more(row, actor=request.user, **form.cleaned_data),
        _("Your question leaves in 30 seconds; your clock stands still until the answer."),
    )


@access(Audience.VENDOR, roles=REFEREES)
@require_POST
def settle(request: PrmRequest, reference: str, conflict: UUID) -> HttpResponse:
    """Settle one conflict."""
    row = reach(request, reference)
    found = get_object_or_404(row.conflicts.select_related("registration", "company"), uid=conflict)
    form = SettleForm(request.POST)
    if form.is_valid():
        settlement = Settlement(form.cleaned_data["settlement"])
        attempt(
            request,
            _("The conflict is settled."),
            lambda: services.settle_conflict(found, settlement, actor=request.user),
        )
    return see_other("registrations:manage-detail", row.reference)


def _uuid(text: str) -> UUID:
    """Return a uid; a broken one matches nothing."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
