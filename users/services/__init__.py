"""Every write to people and invitations; each function is one intention and records one event."""

from users.services.invitations import (
    AddressTaken,
    AlreadyMember,
    InvitationOver,
    InvitedElsewhere,
    accept,
    invite,
    resend,
    withdraw_invitation,
)
from users.services.people import (
    PREFERENCES,
    LastAdministrator,
    RolesRefused,
    change_roles,
    create_person,
    disable,
    enable,
    rename,
    reset_second_factor,
    set_preferences,
)

__all__ = [
    "PREFERENCES",
    "AddressTaken",
    "AlreadyMember",
    "InvitationOver",
    "InvitedElsewhere",
    "LastAdministrator",
    "RolesRefused",
    "accept",
    "change_roles",
    "create_person",
    "disable",
    "enable",
    "invite",
    "rename",
    "resend",
    "reset_second_factor",
    "set_preferences",
    "withdraw_invitation",
]
