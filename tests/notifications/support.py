"""Short words for what these tests do over and over."""

from typing import Any

from notifications.models import Message, Notice
from notifications.services import notify
from users.models import User


def tell(user: User, kind: str = "test.note", key: str = "k", **more: Any) -> Notice:
    """Tell somebody something."""
    text = more.pop("text", "Hello")
    about = more.pop("subject", user)
    context = {"text": text, **more.pop("context", {})}
    [notice] = notify(kind, recipients=[user], subject=about, key=key, context=context, **more)
    return notice


def only_message() -> Message:
    """Return the one message there is."""
    return Message.objects.get()
