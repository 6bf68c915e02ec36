"""What a referee decides: approve, put in line, decline, ask; and what comes before a decision."""

from registrations.services.decisions.approving import approve_as_ruled, approve_registration
from registrations.services.decisions.before import (
    assign_registration,
    confirm_customer,
    take_registration,
)
from registrations.services.decisions.declining import (
    NothingToWaitFor,
    NotTheirs,
    queue_registration,
    reject_registration,
)
from registrations.services.decisions.questions import ask_for_more
from registrations.services.decisions.shared import CustomerNotConfirmed, UnsettledConflicts

__all__ = [
    "CustomerNotConfirmed",
    "NotTheirs",
    "NothingToWaitFor",
    "UnsettledConflicts",
    "approve_as_ruled",
    "approve_registration",
    "ask_for_more",
    "assign_registration",
    "confirm_customer",
    "queue_registration",
    "reject_registration",
    "take_registration",
]
