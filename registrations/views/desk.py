"""The referee's other moves: undo, assign, hold, split, jointly, duplicate, reopen, revoke."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from prm.access import Audience, Role, access
from prm.http import PrmRequest, SeeOther, see_other
from prm.ui.dates import format_date
from registrations import services
from registrations.enums import CloseCode, DeclineCode, State
from registrations.forms import VersionForm
from registrations.forms.desk import (
    AssignForm,
    DuplicateForm,
    HoldForm,
    JointForm,
    ReopenForm,
    RevokeForm,
    SplitForm,
)
from registrations.models import Decision
from registrations.views.case import LAST, candidates_of, case_url, tab_in
from registrations.views.common import attempt, reach, sentence_of
from registrations.views.deciding import REFUSALS, advance, try_form

REFEREES = (Role.CHANNEL_MANAGER, Role.ADMINISTRATOR)


@access(Audience.VENDOR, roles=REFEREES)
@require_POST
def undo(request: PrmRequest, reference: str, decision: UUID) -> HttpResponse:
    """Take a decision back; the case is there again."""
    row = reach(request, reference)
    found = get_object_or_404(
        Decision.objects.select_related("registration__company"), uid=decision, registration=row
    )
    done = _("Taken back: nothing was sent, and this deal stands as it stood before.")
    if attempt(request, done, lambda: services.undo_decision(found, actor=request.user)):
        request.session.pop(LAST, None)
    return SeeOther(case_url(row, tab_in(request)))


@access(Audience.VENDOR, roles=REFEREES)
@require_POST
def assign(request: PrmRequest, reference: str) -> HttpResponse:
    """Give a case to another referee."""
    row, form = reach(request, reference), AssignForm(request.POST)

    def move() -> None:
        values = form.cleaned_data
        given = services.assign_registration(
            row, values["to"], actor=request.user, version=values["version"]
        )
        assert given.reviewer is not None
        messages.success(request, _("%(name)s reviews this now.") % {"name": given.reviewer.name})

    return try_form(request, row, form, "assign_form", move)


@access(Audience.VENDOR, roles=REFEREES)
@require_POST
def hold(request: PrmRequest, reference: str) -> HttpResponse:
    """Lay a case aside until a day."""
    row, form = reach(request, reference), HoldForm(request.POST)

    def move() -> None:
        values = form.cleaned_data
        services.hold_registration(
            row,
            values["until"],
            actor=request.user,
            note=values["note"],
            version=values["version"],
        )
        messages.success(
            request,
            _("On hold until %(day)s; the promise to the partner goes on.")
            % {"day": format_date(values["until"])},
        )

    return try_form(request, row, form, "hold_form", move, then=advance(request, row))


@access(Audience.VENDOR, roles=REFEREES)
@require_POST
def unhold(request: PrmRequest, reference: str) -> HttpResponse:
    """Bring a case back to the queue."""
    row = reach(request, reference)
    attempt(
        request,
        _("Back in the queue."),
        lambda: services.release_hold(row, actor=request.user),
    )
    return see_other("registrations:manage-detail", row.reference)


@access(Audience.VENDOR, roles=REFEREES)
@require_POST
def split(request: PrmRequest, reference: str) -> HttpResponse:
    """Part a case in two."""
    row = reach(request, reference)
    form = SplitForm(request.POST, row=row)

    def move() -> None:
        values = form.cleaned_data
        _first, half = services.split_registration(
            row,
            values["lines"],
            actor=request.user,
            value=values["value"],
            version=values["version"],
        )
        messages.success(
            request, _("Split: the second deal is %(reference)s.") % {"reference": half.reference}
        )

    return try_form(request, row, form, "split_form", move)


@access(Audience.VENDOR, roles=REFEREES)
@require_POST
def jointly(request: PrmRequest, reference: str) -> HttpResponse:
    """Approve a case together with another partner's."""
    row = reach(request, reference)
    form = JointForm(request.POST, candidates=candidates_of(row)[1])

    def move() -> None:
        values = form.cleaned_data
        services.approve_jointly(
            row,
            form.chosen,
            actor=request.user,
            share=values["share"],
            note=values["note"],
            overrule=values["overrule"],
            version=values["version"],
        )

    return try_form(
        request, row, form, "joint_form", move, then=advance(request, row), decides=True
    )


@access(Audience.VENDOR, roles=REFEREES)
@require_POST
def duplicate(request: PrmRequest, reference: str) -> HttpResponse:
    """Decline a case as a duplicate of another deal of its partner."""
    row = reach(request, reference)
    form = DuplicateForm(request.POST, candidates=candidates_of(row)[0])

    def move() -> None:
        values = form.cleaned_data
        services.reject_registration(
            row,
            actor=request.user,
            code=DeclineCode.DUPLICATE,
            note=values["note"],
            duplicate_of=form.chosen,
            version=values["version"],
        )

    return try_form(
        request, row, form, "duplicate_form", move, then=advance(request, row), decides=True
    )


@access(Audience.VENDOR, roles=REFEREES)
@require_POST
def reopen(request: PrmRequest, reference: str) -> HttpResponse:
    """Bring a declined case back."""
    row, form = reach(request, reference), ReopenForm(request.POST)

    def move() -> None:
        services.reopen_registration(row, actor=request.user, **form.cleaned_data)
        messages.success(request, _("Open again: the partner is told why."))

    return try_form(request, row, form, "reopen_form", move)


@access(Audience.VENDOR, roles=REFEREES)
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: PrmRequest, reference: str) -> HttpResponse:
    """Ask, then end a protection for good."""
    row = reach(request, reference)
    form = RevokeForm(request.POST or None, initial={"version": row.version})
    if row.state != State.APPROVED:
        messages.error(request, _("Only an approved deal has a protection to revoke."))
        return see_other("registrations:manage-detail", row.reference)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and _try(form, lambda: _revoke(request, row, form)):
            return see_other("registrations:manage-detail", row.reference)
    context = {"row": row, "form": form}
    return render(request, "registrations/manage/revoke.html", context, status=status)


def _revoke(request: PrmRequest, row: Any, form: VersionForm) -> None:
    values = form.cleaned_data
    services.revoke_registration(
        row,
        CloseCode(values["code"]),
        actor=request.user,
        note=values["note"],
        version=values["version"],
    )
    messages.success(request, _("The protection has ended; the partner is told."))


def _try(form: VersionForm, move: Callable[[], None]) -> bool:
    try:
        move()
    except REFUSALS as error:
        form.add_error(None, sentence_of(error))
        return False
    return True
