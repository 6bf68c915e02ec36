"""What the home page shows: rooms register tiles and one short list per side when the app starts.

    home.register({Audience.PARTNER}, PARTNER_ROLES, tiles, order=10)
    home.register_feed({Audience.PARTNER}, PARTNER_ROLES, lately)

A tile is a number and the list behind it: the list's total is the number, always. A source yields its
tiles one by one and is asked for no more than the page shows, so what is not shown costs nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from prm.access import Audience, Role
from prm.ui.html import Tone
from prm.ui.listpage import Empty, Label

if TYPE_CHECKING:
    from prm.http import PrmRequest

MOST_TILES = 5
MOST_ITEMS = 8


@dataclass(frozen=True, slots=True)
class Tile:
    """A number that waits for somebody; `hint` says in words what `tone` says in colour."""

    label: Label
    url: str
    count: int
    tone: Tone = "neutral"
    hint: Label = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the list below the tiles: a record, when, and how it stands."""

    text: str
    url: str
    at: datetime | None
    status: tuple[str, str, str] | None = None
    note: str = ""
    is_deadline: bool = False


@dataclass(frozen=True, slots=True)
class Feed:
    """The short list: at most eight lines, the way to all of them, what a newcomer does first.

    `action` is the side's one main job; the page has it as its button.
    """

    title: Label
    items: Sequence[Item]
    empty: Empty
    more: Label = ""
    url: str = ""
    action: Label = ""
    action_url: str = ""


TileSource = Callable[["PrmRequest"], Iterable[Tile]]
FeedSource = Callable[["PrmRequest"], Feed]


@dataclass(frozen=True, slots=True)
class _Entry:
    audiences: frozenset[Audience]
    roles: frozenset[Role]
    order: int
    tiles: TileSource | None = None
    feed: FeedSource | None = None

    def is_for(self, request: "PrmRequest") -> bool:
        user = request.user
        return user.audience in self.audiences and bool(user.roles & self.roles)


_entries: list[_Entry] = []


def register(
    audiences: Iterable[Audience], roles: Iterable[Role], source: TileSource, *, order: int = 100
) -> None:
    """Add a source of tiles for some roles; those with a lower order come first."""
    _add(_Entry(frozenset(audiences), frozenset(roles), order, tiles=source))


def register_feed(
    audiences: Iterable[Audience], roles: Iterable[Role], source: FeedSource, *, order: int = 100
) -> None:
    """Add a short list for some roles; a person sees the first that is theirs."""
    _add(_Entry(frozenset(audiences), frozenset(roles), order, feed=source))


def tiles(request: "PrmRequest") -> list[Tile]:
    """Return at most five tiles, in order, each list once."""
    return list(islice(_tiles(request), MOST_TILES))


def feed(request: "PrmRequest") -> Feed | None:
    """Return the short list of this person's role, if it has one."""
    source = next((e.feed for e in _entries if e.feed and e.is_for(request)), None)
    return source(request) if source else None


def _add(entry: _Entry) -> None:
    if not any((e.tiles, e.feed) == (entry.tiles, entry.feed) for e in _entries):
        _entries.append(entry)
        _entries.sort(key=lambda each: each.order)


def _tiles(request: "PrmRequest") -> Iterator[Tile]:
    seen: set[str] = set()
    for entry in _entries:
        if entry.tiles is None or not entry.is_for(request):
            continue
        for tile in entry.tiles(request):
            if tile.url not in seen:
                seen.add(tile.url)
                yield tile
