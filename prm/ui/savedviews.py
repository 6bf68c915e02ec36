"""Saved views of lists: a name for a list's address, one's own. The room that owns people keeps them.

    page = lists.build(request, ..., saved=True)

The list is known by the name of its URL, so a view leads back to it and to nothing else.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, QueryDict
from django.urls import NoReverseMatch, reverse

from prm.access import acted_by

MAX_QUERY = 1_000
PASSING = ("page", "export")
"""What belongs to one look at a list and not to a view of it."""

Source = Callable[[Any, str], Sequence[tuple[str, str]]]
_sources: list[Source] = []


@dataclass(frozen=True, slots=True)
class SavedLink:
    """One saved view: its name, its address, and whether the list shows it now."""

    name: str
    url: str
    active: bool


@dataclass(frozen=True, slots=True)
class SavedViews:
    """What `ui/_saved_views.html` shows: one's views, and what would be saved now."""

    items: Sequence[SavedLink]
    list_name: str
    query: str
    is_new: bool


def provide(source: Source) -> None:
    """Let the room that owns people read them: `source(user, list_name)` returns (name, query)."""
    if source not in _sources:
        _sources.append(source)


def tidy(query: str) -> str:
    """Return a query as it is kept: without page and export, nothing empty, always in one order."""
    kept = QueryDict(mutable=True)
    for name, values in sorted(QueryDict(query.replace("\0", "")[:MAX_QUERY]).lists()):
        filled = [value for value in values if value]
        if filled and name not in PASSING:
            kept.setlist(name, filled)
    return kept.urlencode()


def address(list_name: str, query: str = "") -> str:
    """Return where a view leads; nothing if there is no such list."""
    try:
        path = reverse(list_name)
    except NoReverseMatch:
        return ""
    return f"{path}?{query}" if query else path


def of_list(request: HttpRequest, current: str) -> SavedViews | None:
    """Return one's views of the list that is asked for; None for staff who act for somebody.

    `current` is the list's own query now. One query.
    """
    match, user = request.resolver_match, getattr(request, "user", None)
    if match is None or user is None or not user.is_authenticated or acted_by(user) is not None:
        return None
    now = tidy(current)
    kept = [pair for source in _sources for pair in source(user, match.view_name)]
    items = [SavedLink(name, address(match.view_name, query), query == now) for name, query in kept]
    is_new = bool(now) and not any(item.active for item in items)
    return SavedViews(items, match.view_name, now, is_new)
