"""The message log: what was sent, to whom, why, and what became of it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from notifications import breaker, kinds, policies, selectors, services, tables
from notifications.enums import MessageState
from notifications.models import READERS, Message
from notifications.transitions import MoveRefused
from prm import events
from prm.access import Audience, access
from prm.events.entries import entries
from prm.http import PrmRequest, see_other
from prm.ui import lists

for_administrators = access(Audience.VENDOR, Audience.OPERATOR, roles=READERS)
UNSETTLED = (MessageState.UNCERTAIN, MessageState.FAILED)


@for_administrators
@require_GET
def log(request: PrmRequest) -> HttpResponseBase:
    """List every mail; says so while the relay does not answer."""
    page = tables.log(request, selectors.message_log(request.user))
    return lists.respond(
        request, page, "notifications/manage/log.html", {"trouble": breaker.trouble()}
    )


@for_administrators
@require_GET
def message(request: PrmRequest, uid: UUID) -> HttpResponse:
    """Show one mail: who, why, what became of it, and its words unless they are private."""
    mail = _message(request, uid)
    settle = policies.can_settle(request.user)
    facts = {
        "mail": mail,
        "subject": tables.subject(mail),
        "status": (mail.get_state_display(), tables.TONES[MessageState(mail.state)]),
        "notices": [(n, kinds.lookup(n.kind).label) for n in mail.notices.all()],
        "entries": entries(events.timeline(mail).select_related("detail")),
        "actions": {
            "arrived": settle and mail.state == MessageState.UNCERTAIN,
            "again": settle and mail.state in UNSETTLED,
        },
    }
    return render(request, "notifications/manage/message.html", facts)


@for_administrators
@require_POST
def arrived(request: PrmRequest, uid: UUID) -> HttpResponse:
    """Settle an uncertain mail: it arrived."""
    try:
        services.confirm_arrived(_message(request, uid), actor=request.user)
    except MoveRefused:
        messages.warning(request, _("Meanwhile it became known what happened to this mail."))
    else:
        messages.success(request, _("The mail counts as sent."))
    return see_other("notifications:message", uid)


@for_administrators
@require_POST
def again(request: PrmRequest, uid: UUID) -> HttpResponse:
    """Queue an uncertain or failed mail again."""
    try:
        services.send_again(_message(request, uid), actor=request.user)
    except MoveRefused:
        messages.warning(request, _("Meanwhile it became known what happened to this mail."))
    else:
        messages.success(request, _("The mail is queued again."))
    return see_other("notifications:message", uid)


def _message(request: PrmRequest, uid: UUID) -> Message:
    return get_object_or_404(selectors.message_log(request.user), uid=uid)
