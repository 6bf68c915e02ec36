"""What people are told while a deal is worked: hand-overs, messages, files, requests for more time."""

from prm.access import Audience
from registrations.models import EvidenceFile, Extension, Message, Registration, last_day
from registrations.services.notices import tell_owner, tell_staff
from users.models import User

SHOWN_OF_A_MESSAGE = 500


def handed_over(row: Registration, *, by: User) -> None:
    """Somebody has given a deal to a colleague: the new owner is told."""
    tell_owner(
        "handed_over", row, cycle=f"{row.owner.uid}:{row.updated_at.isoformat()}", by=by.name
    )


def message_written(row: Registration, message: Message) -> None:
    """One side has written: the other side's people are told, with the beginning of the text."""
    context = {"text": message.text[:SHOWN_OF_A_MESSAGE], "by": message.author.name}
    if message.author.audience == Audience.PARTNER:
        tell_staff("partner_wrote", row, cycle=str(message.uid), **context)
    else:
        tell_owner("vendor_wrote", row, cycle=str(message.uid), **context)


def file_added(row: Registration, file: EvidenceFile, *, by: User) -> None:
    """One side has added evidence: the other side's people are told its name."""
    context = {"file": file.original_name, "by": by.name}
    if by.audience == Audience.PARTNER:
        tell_staff("file_added", row, cycle=str(file.uid), **context)
    else:
        tell_owner("file_received", row, cycle=str(file.uid), **context)


def extension_asked(row: Registration, extension: Extension) -> None:
    """The partner wants more time: whoever decides is told until when."""
    tell_staff(
        "extension_asked",
        row,
        cycle=str(extension.uid),
        days=extension.days,
        due_at=extension.due_at,
        text=extension.reason[:SHOWN_OF_A_MESSAGE],
    )


def extension_granted(row: Registration, extension: Extension) -> None:
    """The deal has more time; the owner is told the new last day."""
    assert extension.until is not None
    until = last_day(extension.until)
    cycle = f"{extension.uid}:granted"
    tell_owner("extension_granted", row, cycle=cycle, until=until, note=extension.note)


def extension_refused(row: Registration, extension: Extension) -> None:
    """The deal has no more time, and why."""
    tell_owner("extension_refused", row, cycle=f"{extension.uid}:refused", note=extension.note)
