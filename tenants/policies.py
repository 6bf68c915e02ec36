"""Who may do what to portals."""

from prm.access import Actor, Role
from tenants.models import Tenant


def can_operate(actor: Actor) -> bool:
    """An operator of the installation."""
    return Role.OPERATOR in actor.roles


def can_export(actor: Actor, tenant: Tenant) -> bool:
    """An operator, and any portal with data of a vendor."""
    return can_operate(actor) and not tenant.is_reserved


def can_rename(actor: Actor, tenant: Tenant) -> bool:
    """An operator, and any portal but the operators' own: its host name is the installation's."""
    return can_operate(actor) and not tenant.is_reserved


def can_delete(actor: Actor, tenant: Tenant) -> bool:
    """An operator, and any portal but the operators' own, which keeps the record."""
    return can_operate(actor) and not tenant.is_reserved


def can_suspend(actor: Actor, tenant: Tenant) -> bool:
    """An operator, and any portal but the operators' own: they would lock themselves out."""
    return can_operate(actor) and not tenant.is_reserved
