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
from registrations.services.desk import (
    AwayAlready,
    NoDeputy,
    NotADay,
    cancel_absence,
    hold_registration,
    plan_absence,
    release_hold,
    revoke_registration,
)
from registrations.services.drafts import (
    discard_draft,
    forget_contact,
    hand_over,
    save_draft,
    start_draft,
)
from registrations.services.joining import CannotBeJoint, approve_jointly
from registrations.services.life import (
    NotRunning,
    close_registration,
    move_stage,
    touch_registration,
    withdraw_registration,
)
from registrations.services.protections import CustomerAlreadyProtected
from registrations.services.splitting import CannotBeSplit, split_registration
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
    "AwayAlready",
    "CannotBeJoint",
    "CannotBeSplit",
    "ChangedMeanwhile",
    "CustomerAlreadyProtected",
    "CustomerNotConfirmed",
    "GateClosed",
    "Incomplete",
    "NoDeputy",
    "NotADay",
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
    "approve_jointly",
    "approve_registration",
    "ask_for_more",
    "assign_registration",
    "cancel_absence",
    "change_availability",
    "check_availability",
    "close_registration",
    "confirm_customer",
    "discard_draft",
    "forget_contact",
    "hand_over",
    "hold_registration",
    "move_stage",
    "plan_absence",
    "queue_registration",
    "reject_registration",
    "release_hold",
    "reopen_registration",
    "revoke_registration",
    "save_draft",
    "settle_conflict",
    "split_registration",
    "start_draft",
    "submit_registration",
    "take_registration",
    "touch_registration",
    "undo_decision",
    "withdraw_registration",
]
