"""Every write to registrations: one function per intention."""

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
    NotTheirs,
    UnsettledConflicts,
    answer_question,
    approve_as_ruled,
    approve_registration,
    ask_for_more,
    assign_registration,
    confirm_customer,
    queue_registration,
    reject_registration,
    take_registration,
)
from registrations.services.drafts import (
    discard_draft,
    forget_contact,
    hand_over,
    save_draft,
    start_draft,
)
from registrations.services.life import (
    NotRunning,
    close_registration,
    move_stage,
    touch_registration,
    withdraw_registration,
)
from registrations.services.protections import CustomerAlreadyProtected
from registrations.services.submission import GateClosed, Incomplete, submit_registration
from registrations.services.undo import (
    Overtaken,
    StillHeld,
    TooLate,
    UndoneAlready,
    reopen_registration,
    undo_decision,
)

__all__ = [
    "HOLD",
    "ChangedMeanwhile",
    "CustomerAlreadyProtected",
    "CustomerNotConfirmed",
    "GateClosed",
    "Incomplete",
    "NotOffered",
    "NotRunning",
    "NotTheirs",
    "NothingToWaitFor",
    "Overtaken",
    "Refused",
    "StillHeld",
    "TooLate",
    "UndoneAlready",
    "UnsettledConflicts",
    "answer_question",
    "approve_as_ruled",
    "approve_registration",
    "ask_for_more",
    "assign_registration",
    "change_availability",
    "check_availability",
    "close_registration",
    "confirm_customer",
    "discard_draft",
    "forget_contact",
    "hand_over",
    "move_stage",
    "queue_registration",
    "reject_registration",
    "reopen_registration",
    "save_draft",
    "settle_conflict",
    "start_draft",
    "submit_registration",
    "take_registration",
    "touch_registration",
    "undo_decision",
    "withdraw_registration",
]
