"""Who may do what with companies."""

from __future__ import annotations

from prm.access import Actor, Audience, Role

WRITERS = frozenset({Role.CHANNEL_MANAGER, Role.ADMINISTRATOR})


def can_manage_companies(actor: Actor) -> bool:
    """Channel managers and administrators of the vendor add, confirm, merge and designate."""
    return actor.audience == Audience.VENDOR and bool(actor.roles & WRITERS)


def can_identify(actor: Actor | None) -> bool:
    """Whoever may name a customer: partners, the vendor's staff, lead agents; None is the system."""
    sides = (Audience.PARTNER, Audience.VENDOR, Audience.AGENT)
    return actor is None or actor.audience in sides


def can_tune(actor: Actor) -> bool:
    """Administrators of the vendor change how names are matched."""
    return actor.audience == Audience.VENDOR and Role.ADMINISTRATOR in actor.roles
