"""What both sides wrote about a deal, and the staff's notes: the panels, and the staff's forms."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from prm.access import Audience, Role, access
from prm.http import PrmRequest, see_other
from registrations import policies, reading, services
from registrations.forms import MessageForm
from registrations.models import Registration
from registrations.views.common import reach

REFEREES = (Role.CHANNEL_MANAGER, Role.ADMINISTRATOR)


def panel(
    request: PrmRequest, row: Registration, form: MessageForm | None = None
) -> dict[str, Any]:
    """Return what `registrations/_messages.html` shows, to be merged into a page's context.

    For staff also what `registrations/manage/_notes.html` shows; notes never reach a partner's page.
    `form` is the message form that came back with errors.
    """
    staff = request.user.audience == Audience.VENDOR
    name = "manage-message" if staff else "message"
    context: dict[str, Any] = {
        "chat": list(reading.messages_of(row)),
        "may_write": policies.can_write(request.user, row),
        "message_form": form or MessageForm(),
        "message_url": reverse(f"registrations:{name}", args=[row.reference]),
    }
    if staff:
        context |= {
            "notes": list(reading.notes_of(row)),
            "may_note": policies.can_decide(request.user, row),
            "note_form": MessageForm(auto_id="note-%s"),
            "note_url": reverse("registrations:manage-note", args=[row.reference]),
        }
    return context


@access(Audience.VENDOR, roles=REFEREES)
@require_POST
def write(request: PrmRequest, reference: str) -> HttpResponse:
    """Write to the partner."""
    row, form = reach(request, reference), MessageForm(request.POST)
    if not form.is_valid():
        return _again(request, row, form, "registrations:manage-message")
    services.write_message(row, form.cleaned_data["text"], actor=request.user)
    messages.success(request, _("The partner is told."))
    return see_other("registrations:manage-detail", row.reference)


@access(Audience.VENDOR, roles=REFEREES)
@require_POST
def note(request: PrmRequest, reference: str) -> HttpResponse:
    """Note something for the staff."""
    row, form = reach(request, reference), MessageForm(request.POST)
    if not form.is_valid():
        return _again(request, row, form, "registrations:manage-note")
    services.write_note(row, form.cleaned_data["text"], actor=request.user)
    messages.success(request, _("The note is kept; partners never see it."))
    return see_other("registrations:manage-detail", row.reference)


def _again(request: PrmRequest, row: Registration, form: MessageForm, name: str) -> HttpResponse:
    """Show the form on a page of its own, with its error and what was typed."""
    context = {
        "row": row,
        "form": form,
        "url": reverse(name, args=[row.reference]),
        "title": _("Note for the staff") if name.endswith("note") else _("Write to the partner"),
    }
    return render(request, "registrations/manage/write.html", context, status=422)
