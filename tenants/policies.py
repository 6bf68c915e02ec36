"""Who may do what to portals."""

from prm.access import Actor, Role
from tenants.models import Tenant


def can_operate(actor: Actor) -> bool:
    """An operator of the installation."""
    return Role.OPERATOR in actor.roles


def can_suspend(actor: Actor, tenant: Tenant) -> bool:
    """An operator, and any portal but the operators' own: they would lock themselves out."""
    return can_operate(actor) and not tenant.is_reserved
