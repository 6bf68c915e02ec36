"""What other rooms do when a registration moves.

    registry.on_submitted(follow_submitted)

Functions run in the move's transaction, after it, with the registration's row locked, in the order in
which they were registered.
"""

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from registrations.models import Registration
    from users.models import User


class Follow(Protocol):
    """A room's own part of a move; `actor` None is the system."""

    def __call__(self, registration: "Registration", *, actor: "User | None") -> None: ...


_submitted: list[Follow] = []
_discarded: list[Follow] = []
_closed: list[Follow] = []


def on_submitted(function: Follow) -> Follow:
    """Register what follows when a draft is submitted; registering it again changes nothing."""
    return _add(_submitted, function)


def on_discarded(function: Follow) -> Follow:
    """Register what comes before a draft is deleted; registering it again changes nothing."""
    return _add(_discarded, function)


def on_closed(function: Follow) -> Follow:
    """Register what follows when a running deal is closed; registering it again changes nothing."""
    return _add(_closed, function)


def submitted(registration: "Registration", *, actor: "User | None") -> None:
    """Let every room follow a submission."""
    _run(_submitted, registration, actor)


def discarded(registration: "Registration", *, actor: "User | None") -> None:
    """Let every room let go of a draft that is about to be deleted."""
    _run(_discarded, registration, actor)


def closed(registration: "Registration", *, actor: "User | None") -> None:
    """Let every room follow the end of a deal."""
    _run(_closed, registration, actor)


def _add(functions: list[Follow], function: Follow) -> Follow:
    if function not in functions:
        functions.append(function)
    return function


def _run(functions: list[Follow], registration: "Registration", actor: "User | None") -> None:
    for function in functions:
        function(registration, actor=actor)
