"""Who may read the message log and settle what is in it."""

from notifications.models import READERS
from users.models import User


def can_read_log(user: User) -> bool:
    """Administrators of the portal, and operators in theirs."""
    return bool(READERS & user.roles)


def can_settle(user: User) -> bool:
    """Whoever reads the log may say what became of a mail, or have it sent again."""
    return can_read_log(user)
