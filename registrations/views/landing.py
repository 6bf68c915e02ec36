"""Where the links of a reminder mail lead: a small page, one button, no sign-in."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from partners.selectors import partner_of
from prm import links
from prm.links.models import ActionLink
from prm.locks import Busy
from registrations import selectors, services
from registrations.enums import Stage, State, TouchKind
from registrations.forms import StageForm
from registrations.models import Registration
from registrations.services.notices import EXTENSION, LOST, STAGE, STILL_ACTIVE
from registrations.views.common import sentence_of, status_of
from users.models import User


def _found(link: ActionLink) -> tuple[Registration | None, User | None]:
    """Return what the link is about and whom it was sent to, if both still belong together."""
    row = Registration.objects.select_related("partner", "owner").filter(uid=link.subject).first()
    recipient = link.recipient_uid
    people = User.objects.filter(is_active=True)
    person = people.filter(uid=recipient).first() if recipient else None
    if row and person and getattr(partner_of(person), "pk", None) == row.partner_id:
        return row, person
    return row, None


def _stale(link: ActionLink, row: Registration | None, person: User | None) -> bool:
    return (
        row is None
        or person is None
        or not links.is_live(link)
        or row.state != State.APPROVED
        or row.version != link.record_version
    )


def _truth(request: HttpRequest, row: Registration | None, **more: Any) -> HttpResponse:
    """A used or stale link shows how things stand now, not an error."""
    context = {"row": row, "status": status_of(row) if row else None, **more}
    if row is not None:
        context["protection"] = selectors.protection_of(row)
    return render(request, "registrations/landing/truth.html", context)


def _answer(
    request: HttpRequest,
    link: ActionLink,
    template: str,
    act: Callable[[Registration, User], str | None],
) -> HttpResponse:
    """Show one button on GET; act on POST, once. `act` returns what is done, or None to show again."""
    row, person = _found(link)
    if _stale(link, row, person) or row is None or person is None:
        return _truth(request, row)
    if request.method == "POST":
        try:
            done = act(row, person)
        except (services.Refused, Busy) as error:
            return _truth(request, row, problem=sentence_of(error))
        if done:
            links.use(link)
            row.refresh_from_db()
            return _truth(request, row, done=done)
    context = {
        "row": row,
        "protection": selectors.protection_of(row),
        "form": StageForm(initial={"stage": row.stage}),
    }
    return render(request, template, context)


@links.landing(STILL_ACTIVE)
def still_active(request: HttpRequest, link: ActionLink) -> HttpResponse:
    """ "Still active": a touch; the protection's end stays where it is."""

    def act(row: Registration, person: User) -> str:
        services.touch_registration(row, kind=TouchKind.MAIL, actor=person)
        return _("Noted: this deal is still active.")

    return _answer(request, link, "registrations/landing/still_active.html", act)


@links.landing(STAGE)
def stage(request: HttpRequest, link: ActionLink) -> HttpResponse:
    """Update the sales stage; winning and losing ask for a sign-in."""

    def act(row: Registration, person: User) -> str | None:
        form = StageForm(request.POST)
        if not form.is_valid():
            return None
        chosen = Stage(form.cleaned_data["stage"])
        services.move_stage(row, chosen, actor=person)
        return _("The sales stage is now “%(stage)s”.") % {"stage": chosen.label}

    return _answer(request, link, "registrations/landing/stage.html", act)


@links.landing(LOST)
def lost(request: HttpRequest, link: ActionLink) -> HttpResponse:
    """Marking a deal lost ends its protection, so it asks for a sign-in."""
    row, person = _found(link)
    if _stale(link, row, person) or row is None:
        return _truth(request, row)
    return redirect(reverse("registrations:close", args=[row.reference]))


@links.landing(EXTENSION)
def extension(request: HttpRequest, link: ActionLink) -> HttpResponse:
    """Asking for more time needs a reason and often a file, so it asks for a sign-in."""
    row, person = _found(link)
    if _stale(link, row, person) or row is None:
        return _truth(request, row)
    return redirect(reverse("registrations:extension", args=[row.reference]))
