"""What a distributor does with one lead: each a form that posts, each refused with a sentence."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from leads import selectors, services
from leads.enums import DisqualifyCode
from leads.forms import AssignForm, DisqualifyForm, ReasonForm, TakeBackForm, VersionForm
from leads.models import Lead
from leads.views.common import REFUSALS, attempt, reach, sentence_of
from leads.views.manage import show
from prm.access import Audience, Role, access
from prm.http import PrmRequest, see_other

DISTRIBUTORS = (Role.CHANNEL_MANAGER, Role.ADMINISTRATOR)


def _do(
    request: PrmRequest,
    row: Lead,
    form: VersionForm,
    slot: str,
    move: Callable[[], Any],
    done: Callable[[], str],
) -> HttpResponse:
    """Make a move from a form; refused, the page comes back with the sentence and what was typed."""
    if form.is_valid():
        try:
            move()
        except REFUSALS as error:
            form.add_error(None, sentence_of(error))
            row = reach(request, row.reference)
            form.read_again(row.version)
        else:
            attempt(request, done(), lambda: None)
            return see_other("leads:manage-detail", row.reference)
    return show(request, row, 422, **{slot: form, "form": form})


@access(Audience.VENDOR, roles=DISTRIBUTORS)
@require_POST
def distribute(request: PrmRequest, reference: str) -> HttpResponse:
    """Offer the lead to the partner whose turn it is."""
    row = reach(request, reference)
    form = VersionForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else 0
    try:
        made = services.distribute_lead(row, actor=request.user, version=version)
    except REFUSALS as error:
        messages.error(request, sentence_of(error))
    else:
        if made is None:
            messages.error(request, services.ChangedMeanwhile.sentence)
        elif made.chosen_id:
            messages.success(request, _("Distributed. See below who got it, and why."))
        else:
            messages.warning(request, _("Nobody could get it. See below why."))
    return see_other("leads:manage-detail", row.reference)


@access(Audience.VENDOR, roles=DISTRIBUTORS)
@require_POST
def assign(request: PrmRequest, reference: str) -> HttpResponse:
    """Offer the lead to a partner chosen by hand."""
    row, form = reach(request, reference), AssignForm(request.POST)

    def move() -> Any:
        values = form.cleaned_data
        return services.assign_lead(
            row,
            values["partner"],
            reason=values["reason"],
            version=values["version"],
            actor=request.user,
        )

    return _do(
        request,
        row,
        form,
        "assign_form",
        move,
        lambda: (
            _("The lead is offered to %(partner)s.") % {"partner": form.cleaned_data["partner"]}
        ),
    )


@access(Audience.VENDOR, roles=DISTRIBUTORS)
@require_POST
def withdraw(request: PrmRequest, reference: str) -> HttpResponse:
    """Take the open offer back."""
    row, form = reach(request, reference), ReasonForm(request.POST)

    def move() -> Any:
        offer = selectors.current_offer(row)
        if offer is None or not offer.is_open:
            raise services.OfferOver
        return services.withdraw_offer(
            offer, reason=form.cleaned_data["reason"], actor=request.user
        )

    return _do(request, row, form, "withdraw_form", move, lambda: _("The offer is withdrawn."))


@access(Audience.VENDOR, roles=DISTRIBUTORS)
@require_POST
def take_back(request: PrmRequest, reference: str) -> HttpResponse:
    """Take an accepted lead back."""
    row, form = reach(request, reference), TakeBackForm(request.POST)

    def move() -> Any:
        return services.take_back(row, actor=request.user, **form.cleaned_data)

    return _do(
        request, row, form, "back_form", move, lambda: _("The lead is back; the partner is told.")
    )


@access(Audience.VENDOR, roles=DISTRIBUTORS)
@require_POST
def disqualify(request: PrmRequest, reference: str) -> HttpResponse:
    """Close a lead that nobody should get."""
    row, form = reach(request, reference), DisqualifyForm(request.POST)

    def move() -> Any:
        values = form.cleaned_data
        code = DisqualifyCode(values["code"])
        return services.disqualify_lead(row, code, actor=request.user, version=values["version"])

    return _do(request, row, form, "disqualify_form", move, lambda: _("The lead is closed."))
