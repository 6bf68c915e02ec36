"""What other rooms add to invitations: who carries the mail, and what happens on acceptance.

`notifications` registers the sender; `partners` registers what makes an accepted person a member.
Both are called inside the transaction of the service that causes them.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import structlog

from prm.access import Audience

if TYPE_CHECKING:
    from prm.links.models import ActionLink
    from users.models import Invitation, User

PURPOSE = "users.invitation"

Sender = Callable[["Invitation", "ActionLink"], None]
Accepted = Callable[["Invitation", "User"], None]


class CannotJoin(Exception):
    """Raised by a step of `on_accepted`: what was promised is gone. Subclass it, or raise it."""


log = structlog.get_logger(__name__)
_senders: list[Sender] = []
_accepted: dict[Audience, list[Accepted]] = {}


def register_sender(sender: Sender) -> None:
    """Let `sender(invitation, link)` write the mail; the last one registered does it."""
    _senders[:] = [sender]


def on_accepted(audience: Audience, step: Accepted) -> None:
    """Run `step(invitation, user)` when somebody of an audience accepts; raising undoes it all."""
    steps = _accepted.setdefault(Audience(audience), [])
    if step not in steps:
        steps.append(step)


def send(invitation: "Invitation", link: "ActionLink") -> None:
    """Hand an invitation to whoever writes its mail; without anybody it is only logged."""
    if not _senders:
        log.warning("invitation has no sender", invitation=str(invitation.uid))
    for sender in _senders:
        sender(invitation, link)


def accepted(invitation: "Invitation", user: "User") -> None:
    """Run the steps of the invitation's audience."""
    for step in _accepted.get(Audience(invitation.audience), []):
        step(invitation, user)
