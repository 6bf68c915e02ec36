"""What this room's events and records are called in timelines and in the audit list."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from notifications.enums import MessageState
from notifications.models import Message
from prm.events import labels, records
from prm.events.records import Record

EVENTS = {
    "message.confirmed": (_("Mail confirmed as arrived"), "check", "success"),
    "message.requeued": (_("Mail sent again on purpose"), "mail", "warning"),
}


def register() -> None:
    """Tell the timeline and the audit list; called when the app starts."""
    for code, (words, icon, tone) in EVENTS.items():
        labels.register(code, words, icon=icon, tone=tone)
    labels.register_fields({"from": _("State before")})
    labels.register_values("from", {state.value: state.label for state in MessageState})
    records.register("notifications.message", _("Mail"), _find, _search)


def _find(uids: set[UUID]) -> Mapping[UUID, Record]:
    return {
        message.uid: Record(str(message), reverse("notifications:message", args=[message.uid]))
        for message in Message.objects.filter(uid__in=uids).only(
            "uid", "subject_line", "message_id"
        )
    }


def _search(text: str) -> Iterable[UUID]:
    found = Message.objects.filter(subject_line__icontains=text)
    return found.values_list("uid", flat=True)[: records.MOST]
