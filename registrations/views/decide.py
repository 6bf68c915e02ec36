"""The referee's moves: each a form that posts, each refused with a sentence, never with an error page."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from companies.models import Company
from prm.access import Audience, Role, access
from prm.http import PrmRequest, SeeOther
from prm.ui.lists import wants_fragment
from registrations import services
from registrations.enums import DeclineCode, Settlement
from registrations.forms import ApproveForm, QueueForm, RejectForm, SettleForm, VersionForm
from registrations.forms.desk import AskMoreForm
from registrations.models import Registration
from registrations.views.case import case_url, show, tab_in
from registrations.views.common import attempt, reach
from registrations.views.deciding import advance, try_form

REFEREES = (Role.CHANNEL_MANAGER, Role.ADMINISTRATOR)


@access(Audience.VENDOR, roles=REFEREES)
@require_POST
def take(request: PrmRequest, reference: str) -> HttpResponse:
    """Take a registration into review."""
    row = reach(request, reference)
    form = VersionForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else None
    attempt(
        request,
        _("This deal is yours to decide."),
        lambda: services.take_registration(row, actor=request.user, version=version),
    )
    return SeeOther(case_url(row, tab_in(request)))


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
    return SeeOther(case_url(row, tab_in(request)))


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

    return _decide(request, row, form, "reject_form", move)


@access(Audience.VENDOR, roles=REFEREES)
@require_POST
def preview(request: PrmRequest, reference: str) -> HttpResponse:
    """Show a decline as the partner will read it; htmx gets that alone, a browser the whole page."""
    row, form = reach(request, reference), RejectForm(request.POST)
    form.is_valid()
    code = form.cleaned_data.get("code")
    shown = {"why": DeclineCode(code).label if code else "", "note": form.cleaned_data.get("note")}
    if wants_fragment(request):
        return render(request, "registrations/manage/_preview.html", {"preview": shown})
    typed = RejectForm(initial={**request.POST.dict(), "version": row.version})
    return show(request, row, reject_form=typed, preview=shown)


@access(Audience.VENDOR, roles=REFEREES)
@require_POST
def ask(request: PrmRequest, reference: str) -> HttpResponse:
    """Ask for more."""
    row, form = reach(request, reference), AskMoreForm(request.POST)
    return _decide(
        request,
        row,
        form,
        "ask_form",
        lambda: services.ask_for_more(row, actor=request.user, **form.cleaned_data),
    )


def _decide(
    request: PrmRequest,
    row: Registration,
    form: VersionForm,
    slot: str,
    move: Callable[[], Any],
) -> HttpResponse:
    """Decide, and go on to the next case."""
    return try_form(request, row, form, slot, move, then=advance(request, row), decides=True)


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
    return SeeOther(case_url(row, tab_in(request)))


def _uuid(text: str) -> UUID:
    """Return a uid; a broken one matches nothing."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
