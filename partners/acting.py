"""Staff act for one of a partner's people: why, what is recorded, and who is told.

How the session becomes the person's, and until when, is `users.acting`.
"""

from datetime import datetime

from django.db import transaction

from notifications import services as notifications
from partners.models import Membership
from prm import events
from prm.access import acted_by, require
from users import policies
from users.models import User

STARTED, ENDED = "partner.acting_started", "partner.acting_ended"
TOLD = "partners.acted_for"


def may_act_for(staff: User, membership: Membership) -> bool:
    """Whoever manages partners, for people who may work for a partner that has not ended."""
    return policies.may_act_for(staff, membership.user)


@transaction.atomic
def start(membership: Membership, *, reason: str, until: datetime, actor: User) -> None:
    """Note that a member of the staff acts for a partner's person from now on, and tell the person.

    Records partner.acting_started. Raises PermissionDenied.
    """
    require(may_act_for(actor, membership))
    person = membership.user
    event = events.record(
        STARTED,
        target=membership.partner,
        actor=actor,
        data={"person": str(person.uid), "until": until.isoformat()},
        private={"person": person.name, "reason": reason},
        persons=[person.uid],
    )
    notifications.notify(
        TOLD,
        recipients=[person],
        subject=membership.partner,
        key=f"{TOLD}:{event.uid}",
        context={"staff": actor.name, "reason": reason, "until": until},
    )


@transaction.atomic
def end(membership: Membership, *, actor: User) -> None:
    """Note that acting for a partner's person has been stopped before its time.

    `actor` is the person with the staff behind. Records partner.acting_ended. Raises PermissionDenied.
    """
    staff = acted_by(actor)
    require(staff is not None and actor.pk == membership.user_id)
    events.record(
        ENDED,
        target=membership.partner,
        actor=staff,
        data={"person": str(actor.uid)},
        private={"person": actor.name},
        persons=[actor.uid],
    )
