"""Who may do what with leads. Buttons, views, tasks and services ask the same questions."""

from leads.enums import AGENT_STATES
from leads.models import Lead, Offer
from partners.selectors import partner_of
from prm.access import PARTNER_ROLES, Audience, Role
from users.models import User

DISTRIBUTORS = frozenset({Role.CHANNEL_MANAGER, Role.ADMINISTRATOR})


def can_enter(user: User) -> bool:
    """A lead agent."""
    return user.audience == Audience.AGENT and Role.LEAD_AGENT in user.roles


def can_edit(user: User, lead: Lead) -> bool:
    """The agent who entered it, until it is qualified or not."""
    return can_enter(user) and lead.agent_id == user.pk and lead.state in AGENT_STATES


def can_distribute(user: User) -> bool:
    """A channel manager or administrator: distribute, assign, withdraw, take back, set weights."""
    return user.audience == Audience.VENDOR and bool(user.roles & DISTRIBUTORS)


def can_answer(user: User, offer: Offer) -> bool:
    """Anybody who sells or administers at the partner that was asked: colleagues stand in."""
    if not user.roles & frozenset(PARTNER_ROLES):
        return False
    partner = partner_of(user)
    return partner is not None and partner.pk == offer.partner_id
