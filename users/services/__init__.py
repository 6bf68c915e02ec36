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
from users.services.views import (
    MOST_VIEWS,
    NameTaken,
    TooManyViews,
    delete_view,
    rename_view,
    save_view,
)

__all__ = [
    "MOST_VIEWS",
    "PREFERENCES",
    "AddressTaken",
    "AlreadyMember",
    "InvitationOver",
    "InvitedElsewhere",
    "LastAdministrator",
    "NameTaken",
    "RolesRefused",
    "TooManyViews",
    "accept",
    "change_roles",
    "create_person",
    "delete_view",
    "disable",
    "enable",
    "invite",
    "rename",
    "rename_view",
    "resend",
    "reset_second_factor",
    "save_view",
    "set_preferences",
    "withdraw_invitation",
]
