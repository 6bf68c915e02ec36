"""Who may change the portal."""

from prm.access import Actor, Role


def can_change_portal(actor: Actor) -> bool:
    """An administrator; at the operators' own portal, an operator."""
    return bool(actor.roles & {Role.ADMINISTRATOR, Role.OPERATOR})
