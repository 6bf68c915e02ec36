"""Who may do what to a registration. Buttons, views, tasks and services ask the same questions."""

from partners.selectors import partner_of
from prm.access import PARTNER_ROLES, Audience, Role, acted_by
from registrations.enums import UNFINISHED_STATES, State
from registrations.models import Registration
from users.models import User


def can_register(user: User) -> bool:
    """Somebody who sells or administers at a partner that has not ended."""
    return bool(user.roles & frozenset(PARTNER_ROLES)) and partner_of(user) is not None


def can_work(user: User, registration: Registration) -> bool:
    """Anybody at the partner that owns the registration."""
    partner = partner_of(user)
    return partner is not None and partner.pk == registration.partner_id and can_register(user)


def can_register_for_partners(user: User) -> bool:
    """A channel manager or administrator, in person: nobody who acts for a partner's person."""
    return can_referee(user) and acted_by(user) is None


def can_fill_in(user: User, registration: Registration) -> bool:
    """The partner that owns it, and whoever of the staff began it for the partner."""
    began = registration.registered_by_id == user.pk and can_register_for_partners(user)
    return began or can_work(user, registration)


def can_edit(user: User, registration: Registration) -> bool:
    """Whoever fills it in, while it is a draft."""
    return registration.state == State.DRAFT and can_fill_in(user, registration)


def can_decide(user: User, registration: Registration) -> bool:
    """A channel manager or administrator who does not work for a party.

    Whoever registered it for the partner does not decide it, nor does anybody who acts for a partner's
    person.
    """
    impartial = acted_by(user) is None and registration.registered_by_id != user.pk
    return can_referee(user) and impartial and registration.state != State.DRAFT


def can_referee(user: User) -> bool:
    """Whether this person decides registrations at all."""
    return bool(user.roles & {Role.CHANNEL_MANAGER, Role.ADMINISTRATOR})


def can_plan_absence(user: User, person: User) -> bool:
    """A referee their own, an administrator every referee's."""
    if not can_referee(person) or acted_by(user) is not None:
        return False
    return user.pk == person.pk or Role.ADMINISTRATOR in user.roles


def can_set_rules(user: User) -> bool:
    """An administrator of the vendor."""
    return user.audience == Audience.VENDOR and Role.ADMINISTRATOR in user.roles


def can_write(user: User, registration: Registration) -> bool:
    """Both sides, about anything that was sent: the owning partner, whoever decides, whoever sent it."""
    if registration.state == State.DRAFT:
        return False
    return can_fill_in(user, registration) or can_decide(user, registration)


def can_attach(user: User, registration: Registration) -> bool:
    """The owning partner until it is over, a draft included; whoever decides; whoever sent it for it."""
    if can_fill_in(user, registration):
        return registration.state in {*UNFINISHED_STATES, State.APPROVED}
    return can_decide(user, registration)


def can_import(user: User) -> bool:
    """An administrator of the vendor: an import speaks for every partner at once."""
    return user.audience == Audience.VENDOR and Role.ADMINISTRATOR in user.roles
