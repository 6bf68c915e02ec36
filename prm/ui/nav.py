"""The navigation: rooms register their entries when the app starts, the frame shows those one may use.

    nav.register(
        NavItem(_("Deals"), "registrations:list", "deal", {Audience.PARTNER}, order=20),
    )

An entry is current on its own URL and on everything below it; the longest match wins.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from django.urls import NoReverseMatch, reverse

from prm.access import Audience, Role, acted_by

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from prm.http import PrmRequest


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the navigation, or of the menu under a person's name (`place="user"`).

    `count` returns a number to show, or None; it runs on every page, so it must be cheap.
    """

    label: "_StrPromise | str"
    url_name: str
    icon: str
    audiences: frozenset[Audience] | set[Audience]
    roles: frozenset[Role] | set[Role] = frozenset()
    order: int = 100
    group: "_StrPromise | str" = ""
    place: Literal["main", "user"] = "main"
    count: Callable[["PrmRequest"], int | None] | None = None


@dataclass(slots=True)
class NavLink:
    """An entry as the frame shows it."""

    label: str
    url: str
    icon: str
    count: int | None = None
    active: bool = False


@dataclass(slots=True)
class NavGroup:
    """Entries under one heading; the first group has none."""

    label: str
    links: list[NavLink] = field(default_factory=list)


_items: dict[tuple[str, str], NavItem] = {}


def register(*items: NavItem) -> None:
    """Add entries; registering the same URL in the same place again replaces it."""
    for item in items:
        _items[(item.url_name, item.place)] = item


def groups(request: "PrmRequest", place: str = "main") -> list[NavGroup]:
    """Return what this person may use, in order, with the current entry marked."""
    found: dict[str, NavGroup] = {}
    links = []
    for item in sorted(_items.values(), key=lambda item: item.order):
        link = _link(item, request) if item.place == place else None
        if link is not None:
            links.append(link)
            found.setdefault(str(item.group), NavGroup(str(item.group))).links.append(link)
    _mark(links, request.path)
    return list(found.values())


def _link(item: NavItem, request: "PrmRequest") -> NavLink | None:
    user: Any = request.user
    if not {user.audience, Audience.SIGNED_IN} & set(item.audiences):
        return None
    if item.place == "user" and acted_by(user):  # what is under a person's name stays theirs
        return None
    if item.roles and not (item.roles & user.roles):
        return None
    try:
        url = reverse(item.url_name)
    except NoReverseMatch:  # the room's URLs are not part of this host's URLconf
        return None
    return NavLink(str(item.label), url, item.icon, item.count(request) if item.count else None)


def _mark(links: Iterable[NavLink], path: str) -> None:
    matching = [
        link
        for link in links
        if path == link.url
        or (link.url != "/" and path.startswith(link.url.rstrip("/") + "/"))  # home is only itself
    ]
    if matching:
        max(matching, key=lambda link: len(link.url)).active = True
