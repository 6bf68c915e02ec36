"""The navigation shows what one may use, in order, and where one is."""

from types import SimpleNamespace
from typing import Any

import pytest

from prm.access import Audience, Role
from prm.ui import nav
from prm.ui.nav import NavItem

VENDOR, PARTNER = {Audience.VENDOR}, {Audience.PARTNER}


@pytest.fixture(autouse=True)
def _own_items(monkeypatch):
    monkeypatch.setattr(nav, "_items", {})
    monkeypatch.setattr(nav, "reverse", lambda name: _url(name))


def _url(name: str) -> str:
    if name.startswith("missing"):
        raise nav.NoReverseMatch
    return "/" + name.replace(":", "/") + "/"


def request(path: str = "/", audience: str = Audience.VENDOR, *roles: Role) -> Any:
    return SimpleNamespace(
        path=path, user=SimpleNamespace(audience=audience, roles=frozenset(roles))
    )


def labels(who: Any, place: str = "main") -> list[tuple[str, list[str]]]:
    return [(g.label, [link.label for link in g.links]) for g in nav.groups(who, place)]


def test_entries_come_in_order_and_groups():
    nav.register(
        NavItem("People", "users:people", "person", VENDOR, order=30, group="Settings"),
        NavItem("Queue", "deals:queue", "queue", VENDOR, order=10),
        NavItem("Companies", "companies:list", "building", VENDOR, order=20),
    )
    assert labels(request()) == [("", ["Queue", "Companies"]), ("Settings", ["People"])]


def test_another_audience_and_a_missing_role_see_nothing():
    nav.register(
        NavItem("Queue", "deals:queue", "queue", VENDOR, roles={Role.CHANNEL_MANAGER}),
        NavItem("Mine", "deals:list", "deal", PARTNER),
        NavItem("Help", "help", "help", {Audience.SIGNED_IN}),
    )
    assert labels(request("/", Audience.VENDOR, Role.LEGAL)) == [("", ["Help"])]
    assert labels(request("/", Audience.VENDOR, Role.CHANNEL_MANAGER)) == [("", ["Queue", "Help"])]
    assert labels(request("/", Audience.PARTNER)) == [("", ["Mine", "Help"])]


def test_urls_that_this_host_lacks_are_left_out():
    nav.register(NavItem("Console", "missing:list", "globe", VENDOR))
    assert labels(request()) == []


@pytest.mark.parametrize(
    ("path", "active"),
    [
        ("/settings/", ["Portal"]),
        ("/settings/people/", ["People"]),
        ("/settings/people/7/", ["People"]),
        ("/settingsx/", []),
    ],
)
def test_the_longest_match_is_current(path, active):
    nav.register(
        NavItem("Portal", "settings", "settings", VENDOR),
        NavItem("People", "settings:people", "person", VENDOR),
    )
    links = [link for group in nav.groups(request(path)) for link in group.links]
    assert [link.label for link in links if link.active] == active


def test_count_and_place():
    nav.register(
        NavItem("Queue", "deals:queue", "queue", VENDOR, count=lambda request: 12),
        NavItem("Security", "users:security", "key", VENDOR, place="user"),
    )
    assert nav.groups(request())[0].links[0].count == 12
    assert labels(request(), "user") == [("", ["Security"])]
