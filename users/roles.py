"""Where roles come from: this room knows vendor roles, higher rooms add theirs when they start."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from prm.access import Audience, Role

if TYPE_CHECKING:
    from users.models import User

Source = Callable[["User"], Iterable[Role]]
_sources: dict[Audience, Source] = {}


def add_source(audience: Audience, source: Source) -> None:
    """Let a higher room say which roles people of an audience hold."""
    _sources[audience] = source


def roles_of(user: "User") -> frozenset[Role]:
    """Return the roles a person holds now; one query at most."""
    if not user.is_active:
        return frozenset()
    if user.audience == Audience.AGENT:
        return frozenset({Role.LEAD_AGENT})
    if user.audience == Audience.OPERATOR:
        return frozenset({Role.OPERATOR})
    source = _sources.get(Audience(user.audience))
    if source is not None:
        return frozenset(source(user))
    held = getattr(user, "held_roles", None)  # fetched with whoever is signed in
    if held is not None:
        return frozenset(map(Role, held))
    return frozenset(Role(row.role) for row in user.vendor_roles.all())
