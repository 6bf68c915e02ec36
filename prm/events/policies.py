"""Who may read and check the ledger."""

from prm.access import Actor, Role

READERS = frozenset({Role.ADMINISTRATOR, Role.ANALYST, Role.OPERATOR})


def can_read_audit(actor: Actor) -> bool:
    """Administrators and analysts; operators at their own portal."""
    return bool(actor.roles & READERS)


def can_verify(actor: Actor) -> bool:
    """Whoever reads the list may check it: the check changes nothing but the note that it ran."""
    return can_read_audit(actor)
