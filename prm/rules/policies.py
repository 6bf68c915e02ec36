"""Who may change rules. All of the vendor's staff may read them."""

from prm.access import Actor, Role


def can_change_rules(actor: Actor) -> bool:
    """An administrator."""
    return Role.ADMINISTRATOR in actor.roles
