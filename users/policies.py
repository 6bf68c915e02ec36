"""Who may do what with people and invitations. Actor None is the system and may do everything.

Which partner a person belongs to is known above: `partners` judges that before it calls our services.
"""

from prm import portal
from prm.access import Actor, Audience, Role, acted_by
from users.models import User

STEWARDS = {
    Audience.VENDOR: frozenset({Role.ADMINISTRATOR}),
    Audience.AGENT: frozenset({Role.ADMINISTRATOR}),
    Audience.PARTNER: frozenset(
        {Role.ADMINISTRATOR, Role.CHANNEL_MANAGER, Role.PARTNER_ADMINISTRATOR}
    ),
    Audience.OPERATOR: frozenset({Role.OPERATOR}),
}
ACTORS = frozenset({Role.ADMINISTRATOR, Role.CHANNEL_MANAGER})
GUARDED = frozenset({Audience.VENDOR, Audience.OPERATOR})


def can_invite(actor: Actor | None, audience: str) -> bool:
    """Administrators invite staff and agents, managers and partner administrators partner people."""
    return actor is None or bool(actor.roles & STEWARDS[Audience(audience)])


def can_look_after(actor: Actor | None, person: User) -> bool:
    """See a person's page, rename them, reset their second factor: whoever may invite their side."""
    return can_invite(actor, person.audience)


def can_change_roles(actor: Actor | None, person: User) -> bool:
    """An administrator, for staff; never one's own."""
    return person.audience == Audience.VENDOR and can_switch(actor, person)


def can_switch(actor: Actor | None, person: User) -> bool:
    """Disable and enable: whoever may invite the person's side; never oneself."""
    return can_invite(actor, person.audience) and (actor is None or actor.uid != person.uid)


def can_rename(actor: Actor | None, person: User) -> bool:
    """The person (not somebody who acts for them), and whoever looks after them."""
    if acted_by(actor) is not None:
        return False
    return (actor is not None and actor.uid == person.uid) or can_look_after(actor, person)


def can_set_preferences(actor: Actor, person: User) -> bool:
    """Only the person; nobody who acts for them."""
    return actor.uid == person.uid and acted_by(actor) is None


def can_keep_view(actor: Actor, owner: User) -> bool:
    """Only the person; nobody who acts for them."""
    return can_set_preferences(actor, owner)


def may_act_for(staff: User, person: User) -> bool:
    """Channel managers and administrators, for partner people who may work here now."""
    return (
        staff.audience == Audience.VENDOR
        and bool(staff.roles & ACTORS)
        and staff.is_active
        and acted_by(staff) is None
        and person.audience == Audience.PARTNER
        and bool(person.roles)
    )


def must_have_second_factor(person: User) -> bool:
    """Vendor staff and operators, where their portal asks for it."""
    return person.audience in GUARDED and portal.current().require_staff_mfa
