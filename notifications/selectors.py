"""Reads for the message log."""

from django.db.models import Prefetch, Q, QuerySet

from notifications.models import Message, Notice
from prm.ui.lists import MAX_SEARCH
from users.models import User


def message_log(user: User) -> QuerySet[Message]:
    """Mails that a person may see, with the notices that say why; two queries for any number."""
    notices = Notice.objects.order_by("not_before", "id")
    return Message.objects.visible_to(user).prefetch_related(Prefetch("notices", notices))


def matching_messages(messages: QuerySet[Message], text: str) -> QuerySet[Message]:
    """Mails whose address, name or subject line holds a text, or with that Message-ID."""
    text = text[:MAX_SEARCH]
    return messages.filter(
        Q(to__icontains=text)
        | Q(to_name__icontains=text)
        | Q(subject_line__icontains=text)
        | Q(message_id=text)
    )
