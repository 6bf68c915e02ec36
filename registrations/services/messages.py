"""What both sides write about a deal, and what the staff note for themselves."""

from django.db import transaction

from prm.access import require
from registrations import policies
from registrations.enums import Reader
from registrations.models import Message, Registration
from registrations.services import working_notices
from registrations.services.core import locked, record
from users.models import User


@transaction.atomic
def write_message(registration: Registration, text: str, *, actor: User) -> Message:
    """Write to the other side; its people are told. Raises PermissionDenied, Busy."""
    row = locked(registration)
    require(policies.can_write(actor, row))
    message = Message.objects.create(registration=row, reader=Reader.BOTH, author=actor, text=text)
    record("message-written", row, actor=actor, data={"message": str(message.uid)})
    working_notices.message_written(row, message)
    return message


@transaction.atomic
def write_note(registration: Registration, text: str, *, actor: User) -> Message:
    """Note something for the vendor's eyes only; nobody is told. Raises PermissionDenied, Busy."""
    row = locked(registration)
    require(policies.can_decide(actor, row))
    note = Message.objects.create(registration=row, reader=Reader.STAFF, author=actor, text=text)
    record("note-written", row, actor=actor, data={"message": str(note.uid)})
    return note
