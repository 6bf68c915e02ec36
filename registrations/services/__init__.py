"""Every write to registrations: one function per intention."""

from registrations.services.answering import CORRECTABLE, answer_question
from registrations.services.availability import (
    NotOffered,
    change_availability,
    check_availability,
)
from registrations.services.conflicts import settle_conflict
from registrations.services.core import HOLD, ChangedMeanwhile, Refused
from registrations.services.decisions import (
    CustomerNotConfirmed,
    NothingToWaitFor,
    UnsettledConflicts,
    approve_registration,
    ask_for_more,
    confirm_customer,
    queue_registration,
    reject_registration,
    take_registration,
)
from registrations.services.drafts import (
    NothingToHandOver,
    discard_draft,
    forget_contact,
    hand_over,
    save_draft,
    start_draft,
)
from registrations.services.evidence import MOST_FILES, TooManyFiles, add_file, remove_file
from registrations.services.extensions import (
    DecidedAlready,
    EvidenceMissing,
    NoMoreExtensions,
    NoRoom,
    NothingToExtend,
    PendingAlready,
    ask_for_extension,
    grant_extension,
    last_day_after,
    may_ask,
    refuse_extension,
    withdraw_extension,
)
from registrations.services.life import (
    NotRunning,
    close_registration,
    move_stage,
    touch_registration,
    withdraw_registration,
)
from registrations.services.messages import write_message, write_note
from registrations.services.protections import CustomerAlreadyProtected
from registrations.services.submission import GateClosed, Incomplete, submit_registration

__all__ = [
    "CORRECTABLE",
    "HOLD",
    "MOST_FILES",
    "ChangedMeanwhile",
    "CustomerAlreadyProtected",
    "CustomerNotConfirmed",
    "DecidedAlready",
    "EvidenceMissing",
    "GateClosed",
    "Incomplete",
    "NoMoreExtensions",
    "NoRoom",
    "NotOffered",
    "NotRunning",
    "NothingToExtend",
    "NothingToHandOver",
    "NothingToWaitFor",
    "PendingAlready",
    "Refused",
    "TooManyFiles",
    "UnsettledConflicts",
    "add_file",
    "answer_question",
    "approve_registration",
    "ask_for_extension",
    "ask_for_more",
    "change_availability",
    "check_availability",
    "close_registration",
    "confirm_customer",
    "discard_draft",
    "forget_contact",
    "grant_extension",
    "hand_over",
    "last_day_after",
    "may_ask",
    "move_stage",
    "queue_registration",
    "refuse_extension",
    "reject_registration",
    "remove_file",
    "save_draft",
    "settle_conflict",
    "start_draft",
    "submit_registration",
    "take_registration",
    "touch_registration",
    "withdraw_extension",
    "withdraw_registration",
    "write_message",
    "write_note",
]
