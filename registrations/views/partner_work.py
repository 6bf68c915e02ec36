"""What a partner does with its own deal: answer, write, add files, hand over, move on, close."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from prm import carry
from prm.access import PARTNER_ROLES, Audience, access, require
from prm.http import PrmRequest, see_other
from prm.uploads import UploadRefused
from registrations import policies, reading, services
from registrations.enums import CloseCode, LostReason, Stage, State, TouchKind
from registrations.forms import (
    CloseForm,
    FileForm,
    HandOverForm,
    MessageForm,
    StageForm,
    WithdrawForm,
)
from registrations.models import Registration
from registrations.views import files
from registrations.views.common import REFUSALS, attempt, reach, sentence_of
from registrations.views.deal_page import answer_form, show


@access(Audience.PARTNER, roles=PARTNER_ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: PrmRequest, reference: str) -> HttpResponse:
    """Ask why, then take a registration back."""
    row = reach(request, reference)
    form = WithdrawForm(request.POST or None, initial={"version": row.version})
    carry.refill(request, form)
    if request.method == "POST" and form.is_valid():
        attempt(
            request,
            _("The deal is withdrawn."),
            lambda: services.withdraw_registration(row, actor=request.user, **form.cleaned_data),
        )
        return see_other("registrations:detail", row.reference)
    return _page(request, "withdraw", row, form)


@access(Audience.PARTNER, roles=PARTNER_ROLES)
@require_POST
def answer(request: PrmRequest, reference: str) -> HttpResponse:
    """Answer the vendor's question, and correct what it has opened."""
    row = reach(request, reference)
    form = answer_form(row, request.POST, request.FILES)
    if form is None:
        messages.error(request, _("The vendor is not waiting for an answer any more."))
        return see_other("registrations:detail", row.reference)
    if form.is_valid():
        values = dict(form.cleaned_data)
        sent = values.pop("evidence", None)
        try:
            services.answer_question(
                row,
                actor=request.user,
                answer=values.pop("answer"),
                version=values.pop("version"),
                product_lines=values.pop("product_lines", None),
                values=values,
                files=[sent] if sent else [],
            )
        except UploadRefused as refused:
            form.add_error("evidence", str(refused.text))
        except REFUSALS as error:
            form.add_error(None, sentence_of(error))
            row = reach(request, reference)
            form.read_again(row.version)
        else:
            messages.success(request, _("Your answer is with the vendor; its clock runs again."))
            return see_other("registrations:detail", row.reference)
    return show(request, row, 422, answer_form=form, form=form)


@access(Audience.PARTNER, roles=PARTNER_ROLES)
@require_POST
def write(request: PrmRequest, reference: str) -> HttpResponse:
    """Write to the vendor."""
    row, form = reach(request, reference), MessageForm(request.POST)
    require(policies.can_write(request.user, row))
    if not form.is_valid():
        return show(request, row, 422, message_form=form, form=form)
    services.write_message(row, form.cleaned_data["text"], actor=request.user)
    messages.success(request, _("The vendor is told."))
    return see_other("registrations:detail", row.reference)


@access(Audience.PARTNER, roles=PARTNER_ROLES)
@never_cache
@require_safe
def draft_files(request: PrmRequest, reference: str) -> HttpResponse:
    """The files of a draft; a deal that is sent has them on its own page."""
    row = reach(request, reference)
    if row.state != State.DRAFT:
        return see_other("registrations:detail", row.reference)
    return _files_page(request, row, None)


@access(Audience.PARTNER, roles=PARTNER_ROLES)
@require_POST
def add_file(request: PrmRequest, reference: str) -> HttpResponse:
    """Add evidence to a deal or a draft."""
    row, form = reach(request, reference), FileForm(request.POST, request.FILES)
    require(policies.can_attach(request.user, row))
    if form.is_valid():
        try:
            services.add_file(row, form.cleaned_data["file"], actor=request.user)
        except UploadRefused as refused:
            form.add_error("file", str(refused.text))
        except REFUSALS as error:
            form.add_error(None, sentence_of(error))
        else:
            messages.success(request, _("The file is kept."))
            page = "registrations:files" if row.state == State.DRAFT else "registrations:detail"
            return see_other(page, row.reference)
    if row.state == State.DRAFT:
        return _files_page(request, row, form)
    return show(request, row, 422, file_form=form, form=form)


@access(Audience.PARTNER, roles=PARTNER_ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: PrmRequest, reference: str) -> HttpResponse:
    """Give a deal or a draft to a colleague."""
    row = reach(request, reference)
    people = reading.colleagues(row)
    form = HandOverForm(request.POST if request.method == "POST" else None, colleagues=people)
    carry.refill(request, form)
    if request.method == "POST" and form.is_valid():
        to = form.cleaned_data["colleague"]
        attempt(
            request,
            _("%(name)s has the deal now and is told.") % {"name": to.name},
            lambda: services.hand_over(row, to, actor=request.user),
        )
        return see_other("registrations:detail", row.reference)
    return _page(request, "hand_over", row, form, {"has_colleagues": people.exists()})


@access(Audience.PARTNER, roles=PARTNER_ROLES)
@require_POST
def still_active(request: PrmRequest, reference: str) -> HttpResponse:
    """Say that the deal is still active."""
    row = reach(request, reference)
    attempt(
        request,
        _("Noted: this deal is still active."),
        lambda: services.touch_registration(row, kind=TouchKind.PAGE, actor=request.user),
    )
    return see_other("registrations:detail", row.reference)


@access(Audience.PARTNER, roles=PARTNER_ROLES)
@require_POST
def stage(request: PrmRequest, reference: str) -> HttpResponse:
    """Move the sales stage."""
    row = reach(request, reference)
    form = StageForm(request.POST)
    if not form.is_valid():
        return show(request, row, 422, stage_form=form, form=form)
    chosen = Stage(form.cleaned_data["stage"])
    attempt(
        request,
        _("The sales stage is now “%(stage)s”.") % {"stage": chosen.label},
        lambda: services.move_stage(row, chosen, actor=request.user),
    )
    return see_other("registrations:detail", row.reference)


@access(Audience.PARTNER, roles=PARTNER_ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: PrmRequest, reference: str) -> HttpResponse:
    """Close a running deal as won, lost or released."""
    row = reach(request, reference)
    form = CloseForm(request.POST or None, initial={"version": row.version})
    carry.refill(request, form)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        code, lost = CloseCode(typed["code"]), typed["lost_because"]
        attempt(
            request,
            _("The deal is closed: %(how)s.") % {"how": code.label},
            lambda: services.close_registration(
                row,
                code,
                actor=request.user,
                version=typed["version"],
                lost_because=LostReason(lost) if lost else None,
                note=typed["note"],
            ),
        )
        return see_other("registrations:detail", row.reference)
    return _page(request, "close", row, form)


def _page(
    request: PrmRequest,
    name: str,
    row: Registration,
    form: CloseForm | WithdrawForm | HandOverForm,
    more: dict[str, bool] | None = None,
) -> HttpResponse:
    """Show a page with one form; 422 when the form comes back."""
    status = 422 if request.method == "POST" else 200
    context = {"row": row, "form": form, **(more or {})}
    return render(request, f"registrations/partner/{name}.html", context, status=status)


def _files_page(request: PrmRequest, row: Registration, form: FileForm | None) -> HttpResponse:
    context = {"row": row, "draft": row, "form": form, **files.panel(request, row, form)}
    status = 422 if form else 200
    return render(request, "registrations/partner/files.html", context, status=status)
