"""Who may change the catalog."""

from prm.access import Actor, Role


def can_change_catalog(actor: Actor) -> bool:
    """An administrator of the vendor."""
    return Role.ADMINISTRATOR in actor.roles
