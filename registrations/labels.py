"""How events of registrations read in a timeline."""

from django.utils.translation import gettext_lazy as _

from prm.events import labels
from registrations.enums import Disclosure, LostReason

_LABELS = [
    ("started", _("Draft started"), "edit", "neutral"),
    ("begun-for-partner", _("Draft begun for the partner"), "edit", "neutral"),
    ("discarded", _("Draft deleted"), "trash", "neutral"),
    ("contact-forgotten", _("Contact taken out of the draft"), "undo", "neutral"),
    ("handed-over", _("Handed to a colleague"), "person", "neutral"),
    ("submitted", _("Registered"), "deal", "info"),
    ("imported", _("Taken over from where it ran before"), "upload", "info"),
    ("import-undone", _("Removed: the import was undone"), "undo", "neutral"),
    ("flagged", _("Conflicts noted"), "conflict", "warning"),
    ("rivals-warned", _("Noted with others that wait"), "conflict", "neutral"),
    ("taken", _("Taken into review"), "search", "info"),
    ("escalated", _("Others told that nobody has decided"), "bell", "warning"),
    ("asked", _("Asked for more"), "mail", "warning"),
    ("answered", _("Answered"), "mail", "info"),
    ("customer-confirmed", _("Customer confirmed"), "building", "info"),
    ("conflict-settled", _("Conflict settled"), "conflict", "info"),
    ("approved", _("Approved"), "check-circle", "success"),
    ("queued", _("Put in line"), "queue", "info"),
    ("moved-up", _("Moved up from the line"), "arrow-up", "info"),
    ("rejected", _("Declined"), "x-circle", "danger"),
    ("undone", _("Decision taken back"), "undo", "neutral"),
    ("reopened", _("Reopened"), "undo", "info"),
    ("assigned", _("Given to a reviewer"), "person", "neutral"),
    ("held", _("Put on hold"), "clock", "neutral"),
    ("unheld", _("Taken off hold"), "clock", "neutral"),
    ("revoked", _("Protection revoked"), "x-circle", "danger"),
    ("split", _("Split in two"), "deal", "info"),
    ("withdrawn", _("Withdrawn"), "undo", "neutral"),
    ("touched", _("Still active"), "check", "success"),
    ("stage-moved", _("Sales stage moved"), "arrow-up", "info"),
    ("prodded", _("Asked for a sign of life"), "bell", "neutral"),
    ("notice-overtaken", _("Notice left out, a newer one was due"), "bell", "neutral"),
    ("closed", _("Closed"), "lock", "neutral"),
    ("file-added", _("File added"), "file", "neutral"),
    ("staff-file-added", _("File added for the staff"), "file", "neutral"),
    ("file-removed", _("File deleted"), "trash", "neutral"),
    ("message-written", _("Message written"), "mail", "neutral"),
    ("note-written", _("Note for the staff"), "edit", "neutral"),
    ("extension-asked", _("More time asked for"), "clock", "info"),
    ("extension-withdrawn", _("No more time wanted"), "undo", "neutral"),
    ("extension-granted", _("More time granted"), "check-circle", "success"),
    ("extension-refused", _("No more time granted"), "x-circle", "warning"),
    ("extension-lapsed", _("Request for more time overtaken"), "clock", "neutral"),
]

_IMPORTS = [
    ("uploaded", _("File of deals uploaded"), "upload", "neutral"),
    ("begun", _("Import of deals begun"), "upload", "info"),
    ("done", _("Deals imported"), "check-circle", "success"),
    ("undo-begun", _("Undo of an import begun"), "undo", "neutral"),
    ("undone", _("Import of deals undone"), "undo", "warning"),
    ("discarded", _("File of deals discarded"), "trash", "neutral"),
]

_FIELDS = {
    "note": _("Note"),
    "reason": _("Reason"),
    "question": _("Question"),
    "answer": _("The answer"),
    "file_name": _("File"),
    "more_days": _("More days"),
    "lost_because": _("Lost because"),
    "disclosure": _("What partners may learn"),
    "says_not_eligible": _("Says “not eligible”"),
    "per_person_hour": _("Checks per person and hour"),
    "per_partner_day": _("Checks per partner and day"),
}

STAFF_ONLY = frozenset(
    {
        "registration.flagged",
        "registration.conflict-settled",
        "registration.escalated",
        "registration.note-written",
        "registration.staff-file-added",
        "registration.assigned",
        "registration.held",
        "registration.unheld",
        "registration.undone",
        "registration.rivals-warned",
    }
)
"""Events that would tell a partner of others; their own timeline leaves them out."""


def register() -> None:
    """Make the labels known; called when the app starts."""
    for code, text, icon, tone in _LABELS:
        labels.register(f"registration.{code}", text, icon=icon, tone=tone)
    for code, text, icon, tone in _IMPORTS:
        labels.register(f"registration-import.{code}", text, icon=icon, tone=tone)
    labels.register("availability.changed", _("Availability check changed"), icon="settings")
    labels.register("absence.planned", _("Absence planned"), icon="person")
    labels.register("absence.cancelled", _("Absence taken back"), icon="undo")
    labels.register_fields(_FIELDS)
    labels.register_values("lost_because", dict(LostReason.choices))
    labels.register_values("disclosure", dict(Disclosure.choices))
