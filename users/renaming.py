"""Whoever keeps a copy of a person's name hears of a new one, inside the same transaction."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from users.models import User

Step = Callable[["User"], None]
_steps: list[Step] = []


def on_renamed(step: Step) -> None:
    """Run `step(user)` after somebody's name has changed; raising undoes the change."""
    if step not in _steps:
        _steps.append(step)


def renamed(user: "User") -> None:
    """Run the steps."""
    for step in _steps:
        step(user)
