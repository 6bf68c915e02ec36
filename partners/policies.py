"""Who may do what with partners and the people who work for them."""

from partners.models import Partner
from prm.access import Audience, Role, acted_by
from users.models import User

MANAGERS = frozenset({Role.ADMINISTRATOR, Role.CHANNEL_MANAGER})
WRITERS = frozenset({Role.ADMINISTRATOR, Role.LEGAL})


def can_manage_partners(user: User) -> bool:
    """An administrator or a channel manager of the vendor: add, edit, end, reopen."""
    return user.audience == Audience.VENDOR and bool(user.roles & MANAGERS)


def can_manage_people(user: User, partner: Partner) -> bool:
    """Whoever manages partners, and the partner's own administrators: invite, change role, remove."""
    if can_manage_partners(user):
        return True
    if Role.PARTNER_ADMINISTRATOR not in user.roles:
        return False
    return partner.memberships.filter(user_id=user.pk).exists()


def can_edit_profile(user: User, partner: Partner) -> bool:
    """Whoever manages the partner's people: edit profile, hours and contacts, grant signing authority."""
    return can_manage_people(user, partner)


def can_confirm_profile(user: User, partner: Partner) -> bool:
    """The partner's own administrators in person: nobody else knows whether it is still right."""
    if acted_by(user) is not None:
        return False
    own = partner.memberships.filter(user_id=user.pk)
    return Role.PARTNER_ADMINISTRATOR in user.roles and own.exists()


def can_change_profile_rule(user: User) -> bool:
    """An administrator of the vendor."""
    return Role.ADMINISTRATOR in user.roles


def can_write_agreements(user: User) -> bool:
    """Administrators and legal: draft, publish, retire."""
    return bool(user.roles & WRITERS)
