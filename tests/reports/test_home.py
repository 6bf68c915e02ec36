"""The home page: per role what waits, each number with exactly that list behind it."""

import re
from typing import Any

import pytest
from django.urls import reverse

from notifications.enums import MessageState
from notifications.models import Message
from notifications.services import Address, notify
from partners import services as partners
from partners.models import Partner
from prm import clock, home
from prm.access import Audience, Role
from prm.tenancy import context
from registrations import services
from tests.registrations.conftest import make_approved, make_draft, make_submitted
from users import services as people

MOST_QUERIES = 12
LATE = {"a": "Zephyr Mills", "b": "Quartz Foundry"}  # nothing like each other
EVERYBODY = ("pat", "paula", "mia", "ada", "fin", "lex", "ana")


@pytest.fixture
def busy(pat, paula, sam, mia, ada, travel) -> None:
    """Something of everything, at both partners."""
    for seller, rival in ((pat, "a"), (sam, "b")):
        make_approved(seller, mia, f"Ending {rival}", website=f"ending-{rival}.example")
    travel(days=80)
    for seller, side in ((pat, "a"), (sam, "b")):
        make_draft(seller, f"Draft {side}")
        late = make_submitted(seller, LATE[side], website=f"late-{side}.example")
        asked = make_submitted(seller, f"Asked {side}", website=f"asked-{side}.example")
        services.ask_for_more(asked, actor=mia, question="When?")
        assert late.due_at is not None
    travel(days=5)
    make_submitted(pat, "Fresh Initech", website="initech.example")
    make_submitted(sam, "Initech fresh", website="initech.example")
    held = make_submitted(sam, "Ending a", website="ending-a.example")
    services.queue_registration(held, actor=mia, note="")
    harbor = Partner.objects.get(name="Harbor")
    partners.invite_person(
        harbor, email="n@harbor.example", name="New", role=Role.SELLER, actor=mia
    )
    people.invite(
        email="n@acme.example", name="New", audience=Audience.VENDOR, roles=[Role.LEGAL], actor=ada
    )


def tiles(client: Any) -> list[home.Tile]:
    page = client.get("/")
    assert page.status_code == 200
    return list(page.context["tiles"])


def total(client: Any, tile: home.Tile) -> int:
    """How much the list behind a tile has."""
    page = client.get(tile.url)
    assert page.status_code == 200, tile.url
    if "list" in page.context:
        return int(page.context["list"].total)
    return len(page.context["invitations"])


@pytest.mark.parametrize("who", EVERYBODY)
def test_the_list_behind_a_tile_has_exactly_its_number(busy, browse, request, who):
    client = browse(request.getfixturevalue(who))
    found = tiles(client)
    assert 3 <= len(found) <= home.MOST_TILES
    assert {tile.url: tile.count for tile in found} == {
        tile.url: total(client, tile) for tile in found
    }


def counted(client: Any) -> dict[str, int]:
    return {str(tile.label): tile.count for tile in tiles(client)}


def test_what_waits_for_a_seller(busy, browse, pat):
    assert counted(browse(pat)) == {
        "Waiting for your answer": 1,
        "Protection ends within 14 days": 1,
        "Drafts": 1,
        "With the vendor": 2,
        "In line": 0,
    }


def test_what_waits_for_a_rival_is_another_matter(busy, browse, sam):
    assert counted(browse(sam))["In line"] == 1


def test_what_waits_for_a_partner_administrator(busy, browse, paula):
    found = counted(browse(paula))
    assert next(iter(found.items())) == ("Invited colleagues", 1)
    assert len(found) == 5


def test_what_waits_for_a_channel_manager(busy, browse, mia):
    assert counted(browse(mia)) == {
        "Decisions waiting": 4,
        "Past the promised time": 2,
        "With open conflicts": 2,
        "Protection ends within 14 days": 2,
    }


def test_what_waits_for_an_administrator(busy, browse, ada, pat):
    assert list(counted(browse(ada)))[-1] == "Open invitations"
    notify("account.invitation", recipients=[Address("x@y.example")], subject=pat, key="x",
           context={"links": {}, "host": ""})  # fmt: skip
    for state in (MessageState.FAILED, MessageState.UNCERTAIN):
        Message.objects.create(
            to="x@y.example",
            state=state,
            created_at=clock.now(),
            handed_at=clock.now(),
            message_id=f"<{state}@test>",
        )
    client = browse(ada)
    first = tiles(client)[0]
    assert (first.label, first.count, first.tone) == ("Mails in trouble", 2, "danger")
    assert total(client, first) == 2


@pytest.mark.parametrize("who", ["fin", "lex", "ana"])
def test_what_those_see_who_only_read(busy, browse, request, who):
    assert counted(browse(request.getfixturevalue(who))) == {
        "Decisions waiting": 4,
        "Protection ends within 14 days": 2,
        "In line": 1,
        "Companies with open deals": 6,
    }


def test_several_roles_show_each_list_once(busy, browse, ada):
    with_finance = people.create_person(
        email="both@acme.example", name="Both", audience=Audience.VENDOR,
        roles=[Role.FINANCE, Role.CHANNEL_MANAGER], actor=ada,
    )  # fmt: skip
    found = [tile.url for tile in tiles(browse(with_finance))]
    assert len(found) == len(set(found)) == home.MOST_TILES


def test_the_operators_see_portals(browse, olga):
    client = browse(olga, "ops")
    found = tiles(client)
    with context.entered("ops"):
        assert {t.url: t.count for t in found} == {t.url: total(client, t) for t in found}
    assert str(found[0].label) == "Portals that failed to open"
    assert b"Globex Industrie" in client.get("/").content


@pytest.mark.parametrize("who", EVERYBODY)
def test_it_costs_the_same_whatever_there_is(busy, browse, request, who, queries, pat):
    client = browse(request.getfixturevalue(who))
    client.get("/")
    with queries() as before:
        client.get("/")
    for number in range(3):
        make_submitted(pat, f"More {number}", website=f"more-{number}.example")
    with queries() as after:
        client.get("/")
    assert len(after) == len(before) <= MOST_QUERIES, after.sql


def test_words_go_with_colours_and_nothing_is_calm(browse, pat, mia):
    page = browse(mia).get("/").content.decode()
    assert page.count(">None<") + len(re.findall(r"None</span>", page)) >= 4


def test_a_new_partner_is_led_to_the_first_registration(browse, pat):
    page = browse(pat).get("/").content.decode()
    assert "Register your first deal" in page
    assert f'href="{reverse("registrations:new")}"' in page


def test_a_new_portal_s_administrator_is_led_to_the_catalog(browse, ada):
    from catalog.models import ProductLine

    ProductLine.objects.all().delete()
    assert "A new portal" in browse(ada).get("/").content.decode()


def test_what_changed_lately_leads_to_the_deals(busy, browse, pat):
    feed = browse(pat).get("/").context["feed"]
    assert [item.text for item in feed.items[:2]] == ["Fresh Initech", "Asked a"]
    assert all(browse(pat).get(item.url).status_code in (200, 302, 303) for item in feed.items)


def test_what_is_decided_next_is_ordered_by_the_vendor_s_clock(busy, browse, mia):
    feed = browse(mia).get("/").context["feed"]
    times = [item.at for item in feed.items]
    assert times == sorted(times)
    assert len(times) == 4


def test_without_a_role_it_says_who_to_ask(browse, nadia):
    page = browse(nadia).get("/").content.decode()
    assert "These people can give you a role: Ada Admin." in page


def test_an_ended_partner_s_person_is_told_the_channel_manager(browse, pat, mia, harbor):
    harbor.change(manager=mia, ended_at=clock.now())
    assert "Mia Manager" in browse(pat).get("/").content.decode()


def test_home_is_first_in_the_navigation_and_current_only_there(browse, pat):
    def links(url: str) -> list[tuple[str, bool]]:
        groups = browse(pat).get(url).context["nav"]
        return [(link.label, link.active) for group in groups for link in group.links]

    assert links("/")[0] == ("Home", True)
    assert links("/deals/")[:2] == [("Home", False), ("Deals", True)]
    assert not any(active for _label, active in links("/me/"))


def test_a_source_is_asked_for_no_more_than_is_shown(rf, ada, monkeypatch):
    asked: list[int] = []

    def many(request: Any) -> Any:
        for number in range(9):
            asked.append(number)
            yield home.Tile("x", f"/{number}", number)

    monkeypatch.setattr(home, "_entries", [])
    home.register({Audience.VENDOR}, {Role.ADMINISTRATOR}, many)
    home.register({Audience.VENDOR}, {Role.ADMINISTRATOR}, many)
    home.register({Audience.PARTNER}, {Role.SELLER}, many)
    request = rf.get("/")
    request.user = ada
    assert len(home.tiles(request)) == home.MOST_TILES
    assert asked == [0, 1, 2, 3, 4]
    assert home.feed(request) is None


def test_a_partner_s_page_has_nothing_of_a_rival(busy, browse, sam):
    page = browse(sam).get("/").content.decode()
    assert "Harbor" not in page
    assert "Fresh Initech" not in page
