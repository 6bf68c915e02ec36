"""The message log as a list: its columns and filters."""

from datetime import date, datetime, time, timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from notifications import kinds, selectors
from notifications.enums import MessageState
from notifications.models import Message
from prm.ui import cells, lists
from prm.ui.lists import Column, Empty, ListPage

TONES = {
    MessageState.QUEUED: "neutral",
    MessageState.SENDING: "info",
    MessageState.SENT: "success",
    MessageState.UNCERTAIN: "warning",
    MessageState.FAILED: "danger",
    MessageState.SUPERSEDED: "neutral",
}


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _kinds(request: HttpRequest | None = None) -> list[tuple[str, str]]:
    return sorted(((k.code, str(k.label)) for k in kinds.registered()), key=lambda c: c[1])


class MessageFilter(django_filters.FilterSet):
    """By what became of it, by kind, by day."""

    state = django_filters.MultipleChoiceFilter(label=_("State"), choices=MessageState.choices)
    kind = django_filters.ChoiceFilter(
        label=_("Kind"), choices=_kinds, empty_label=_("Any kind"), method="of_kind"
    )
    since = django_filters.DateFilter(label=_("From"), widget=_day(), method="from_day")
    until = django_filters.DateFilter(label=_("Until"), widget=_day(), method="to_day")

    class Meta:
        model = Message
        fields: list[str] = []

    def of_kind(self, messages: QuerySet[Message], name: str, code: str) -> QuerySet[Message]:
        """Mails that carry a notice of a kind."""
        return messages.filter(notices__kind=code).distinct()

    def from_day(self, messages: QuerySet[Message], name: str, day: date) -> QuerySet[Message]:
        """Mails made from the start of a day on, in the reader's zone."""
        return messages.filter(created_at__gte=_midnight(day))

    def to_day(self, messages: QuerySet[Message], name: str, day: date) -> QuerySet[Message]:
        """Mails made until the end of a day, in the reader's zone; the last day there is ends never."""
        if day == date.max:
            return messages
        return messages.filter(created_at__lt=_midnight(day + timedelta(days=1)))


def subject(message: Message) -> str:
    """Return the subject line; a mail that was never rendered has none."""
    return message.subject_line or str(_("Not written yet"))


def _why(message: Message) -> str:
    labels = dict.fromkeys(str(kinds.lookup(n.kind).label) for n in message.notices.all())
    return ", ".join(labels)


def _about(message: Message) -> str:
    return ", ".join(dict.fromkeys(n.subject_title for n in message.notices.all()))


def _state(message: Message) -> tuple[Any, str]:
    state = MessageState(message.state)
    return state.label, TONES[state]


COLUMNS = (
    Column("subject", _("Subject"), cells.text(subject), sort="subject_line"),
    Column("to", _("To"), cells.text("to_name", "to"), sort="to"),
    Column("why", _("Why"), cells.text(_why, _about)),
    Column("state", _("State"), cells.status(_state), sort="state"),
    Column("created", _("Made"), cells.moment("created_at"), sort="created_at"),
    Column("sent", _("Sent"), cells.moment("sent_at"), sort="sent_at"),
)


def log(request: HttpRequest, messages: QuerySet[Message]) -> ListPage:
    """Return the message log."""
    return lists.build(
        request,
        queryset=messages,
        columns=COLUMNS,
        filterset=MessageFilter,
        promoted=("state", "kind"),
        search=selectors.matching_messages,
        default_sort="-created",
        row_url=lambda message: reverse("notifications:message", args=[message.uid]),
        title=_("Messages"),
        empty=Empty(_("No mails yet"), _("Everything this portal sends is listed here.")),
        export_name="messages",
    )
