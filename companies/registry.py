"""What other rooms do when two companies become one.

    @registry.on_merge
    def repoint(loser: Company, winner: Company) -> None: ...

Functions run in the merge's transaction, with both companies locked, in the order of registration.
One that finds that the merge would break something raises MergeRefused; nothing is changed then.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from companies.models import Company

Repoint = Callable[["Company", "Company"], None]
_functions: list[Repoint] = []


class MergeRefused(Exception):
    """The two companies cannot become one now; `reason` says why and `url` leads to what to settle."""

    def __init__(self, reason: str, url: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.url = url


def on_merge(function: Repoint) -> Repoint:
    """Register a function that re-points a room's rows; registering it again changes nothing."""
    if function not in _functions:
        _functions.append(function)
    return function


def repoint(loser: Company, winner: Company) -> None:
    """Let every room re-point its rows. Raises MergeRefused."""
    for function in _functions:
        function(loser, winner)
