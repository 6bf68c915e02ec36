"""What other rooms do when companies become one, become two, or are one no longer.

    @registry.on_merge
    def repoint(loser: Company, winner: Company) -> None: ...

    @registry.on_unmerge
    def check(loser: Company, winner: Company, moved: Mapping[str, set[Any]]) -> None: ...

Functions run in the transaction, with both companies locked, in the order of registration. One that
finds that the change would break something raises MergeRefused; nothing is changed then. A merge
remembers by itself which rows were re-pointed, so its undo needs no function of a room; `on_unmerge`
only checks (`moved`: keys of the rows that go back, by model label).

`on_split` gives chosen records of a room to a new company; `add_panel` shows a room's records on the
company's page, `add_count` in the preview of a merge, `set_open_deals` in the list's filter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from companies.models import Company
    from users.models import User

Repoint = Callable[["Company", "Company"], None]
Check = Callable[["Company", "Company", Mapping[str, set[Any]]], None]
Move = Callable[["Company", "Company", Iterable[str]], int]
_functions: list[Repoint] = []
_checks: list[Check] = []
_moves: dict[str, Splittable] = {}
_panels: list[Callable[[Company, User], Panel]] = []
_counts: list[Callable[[Company], Iterable[tuple[str, int]]]] = []
_open_deals: list[Callable[[QuerySet[Company]], QuerySet[Company]]] = []


class MergeRefused(Exception):
    """The two companies cannot become one, or two, now; `reason` says why, `url` leads to what to settle."""

    def __init__(self, reason: str, url: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.url = url


@dataclass(frozen=True, slots=True)
class Panel:
    """Records of a room above on a company's page: a template and what it sees as `panel`."""

    template: str
    content: Any


@dataclass(frozen=True, slots=True)
class Splittable:
    """Records that a split may give to the new company: what they are called, which, and how."""

    label: Any
    choices: Callable[[Company], list[tuple[str, str]]]
    move: Move


def on_merge(function: Repoint) -> Repoint:
    """Register a function that re-points a room's rows; registering it again changes nothing."""
    if function not in _functions:
        _functions.append(function)
    return function


def on_unmerge(function: Check) -> Check:
    """Register a function that refuses an undo which would break something in its room."""
    if function not in _checks:
        _checks.append(function)
    return function


def on_split(
    name: str, label: Any, choices: Callable[[Company], list[tuple[str, str]]], move: Move
) -> None:
    """Register records that a split may move: (key, words) of each, and the function that moves."""
    _moves[name] = Splittable(label, choices, move)


def add_panel(function: Callable[[Company, User], Panel]) -> None:
    """Show something of a room on the company's page."""
    if function not in _panels:
        _panels.append(function)


def add_count(function: Callable[[Company], Iterable[tuple[str, int]]]) -> None:
    """Say how many records of a room a merge would move: (what, how many)."""
    if function not in _counts:
        _counts.append(function)


def set_open_deals(function: Callable[[QuerySet[Company]], QuerySet[Company]]) -> None:
    """Say how companies with open deals are found."""
    _open_deals[:] = [function]


def repoint(loser: Company, winner: Company) -> None:
    """Let every room re-point its rows. Raises MergeRefused."""
    for function in _functions:
        function(loser, winner)


def check_unmerge(loser: Company, winner: Company, moved: Mapping[str, set[Any]]) -> None:
    """Let every room object to an undo. Raises MergeRefused."""
    for function in _checks:
        function(loser, winner, moved)


def splittable() -> Mapping[str, Splittable]:
    """What rooms above let a split move, by name."""
    return dict(_moves)


def panels(company: Company, user: User) -> list[Panel]:
    """What rooms above show of a company."""
    return [function(company, user) for function in _panels]


def counts(company: Company) -> list[tuple[str, int]]:
    """What rooms above have at a company: (what, how many)."""
    return [pair for function in _counts for pair in function(company)]


def with_open_deals(companies: QuerySet[Company]) -> QuerySet[Company]:
    """Only the companies with open deals; all of them while no room knows of deals."""
    for function in _open_deals:
        companies = function(companies)
    return companies
