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
    UnsettledConflicts,
    answer_question,
    approve_registration,
    ask_for_more,
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
from registrations.services.importing import (
    ImportMoved,
    ImportUnusable,
    UndoRefused,
    begin_import,
    begin_undo_import,
    discard_import,
    map_import,
    start_import,
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

__all__ = [
    "HOLD",
    "ChangedMeanwhile",
    "CustomerAlreadyProtected",
    "CustomerNotConfirmed",
    "GateClosed",
    "ImportMoved",
    "ImportUnusable",
    "Incomplete",
    "NotOffered",
    "NotRunning",
    "NothingToWaitFor",
    "Refused",
    "UndoRefused",
    "UnsettledConflicts",
    "answer_question",
    "approve_registration",
    "ask_for_more",
    "begin_import",
    "begin_undo_import",
    "change_availability",
    "check_availability",
    "close_registration",
    "confirm_customer",
    "discard_draft",
    "discard_import",
    "forget_contact",
    "hand_over",
    "map_import",
    "move_stage",
    "queue_registration",
    "reject_registration",
    "save_draft",
    "settle_conflict",
    "start_draft",
    "start_import",
    "submit_registration",
    "take_registration",
    "touch_registration",
    "withdraw_registration",
]
