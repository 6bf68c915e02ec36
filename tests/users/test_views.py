"""The pages of people and preferences, through the browser."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from prm.access import Audience, Role
from prm.tenancy import context
from tests.world import person
from users import services
from users.models import Invitation, User, VendorRole

PEOPLE = "/settings/people/"
INVITE = f"{PEOPLE}invite/"
WAITING = f"{PEOPLE}invitations/"


def page_of(user):
    return f"{PEOPLE}{user.uid}/"


def test_list_shows_staff_and_agents_but_no_partner_people(browse, ada):
    page = browse(ada).get(PEOPLE).content.decode()
    assert "mia@acme.example" in page
    assert "lea@callcenter.example" in page
    assert "harbor.example" not in page


def test_list_filters_by_role_and_text(browse, ada):
    names = [row.item.name for row in browse(ada).get(f"{PEOPLE}?role=LEGAL").context["list"].rows]
    assert names == ["Lex Legal"]
    found = browse(ada).get(f"{PEOPLE}?q=callcenter").context["list"]
    assert [row.item.name for row in found.rows] == ["Lea Agent"]


def test_list_downloads_as_csv(browse, ada):
    response = browse(ada).get(f"{PEOPLE}?export=csv")
    text = b"".join(response.streaming_content).decode()
    assert "Lex Legal" in text
    assert "Legal" in text


def count_queries(client, path):
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


@pytest.mark.parametrize("kind", ["people", "invitations"])
def test_lists_ask_the_same_number_of_queries(browse, ada, kind):
    client = browse(ada)
    path = PEOPLE if kind == "people" else WAITING
    add(kind, ada, 1)
    few = count_queries(client, path)
    add(kind, ada, 2)
    assert count_queries(client, path) == few


def add(kind, actor, number):
    for _each in range(number):
        email = f"{uuid.uuid4().hex}@acme.example"
        if kind == "people":
            user = person(email, "Somebody", Audience.VENDOR)
            VendorRole.objects.create(user=user, role=Role.LEGAL)
        else:
            services.invite(
                email=email, name="", audience=Audience.VENDOR, roles=[Role.LEGAL], actor=actor
            )


@pytest.mark.parametrize(
    ("name", "status"),
    [("ada", 200), ("mia", 403), ("nadia", 403), ("lea", 404), ("pat", 404), ("paula", 404)],
)
def test_pages_of_people_are_the_administrators(db, request, browse, mia, name, status):
    client = browse(request.getfixturevalue(name))
    for path in (PEOPLE, INVITE, WAITING, page_of(mia)):
        assert client.get(path).status_code == status


def test_posts_of_people_are_the_administrators(browse, mia, ana):
    for action in ("roles", "disable", "enable", "name", "second-factor"):
        assert browse(mia).post(f"{page_of(ana)}{action}/").status_code == 403


def test_unknown_person_is_not_found(browse, ada):
    assert browse(ada).get(f"{PEOPLE}{uuid.uuid4()}/").status_code == 404


def test_person_shows_facts_and_history(browse, ada, mia):
    services.change_roles(mia, roles=[Role.LEGAL, Role.FINANCE], actor=ada)
    page = browse(ada).get(page_of(mia)).content.decode()
    for words in ("Mia Manager", "Finance, Legal", "Never", "Roles changed", "Ada Admin"):
        assert words in page


def test_change_roles_on_the_page(browse, ada, mia):
    response = browse(ada).post(f"{page_of(mia)}roles/", {"roles": ["LEGAL", "ANALYST"]})
    assert (response.status_code, response["Location"]) == (303, page_of(mia))
    assert User.objects.get(pk=mia.pk).roles == {Role.LEGAL, Role.ANALYST}


def test_own_roles_cannot_be_changed(browse, ada):
    page = browse(ada).get(page_of(ada)).content.decode()
    assert "Save roles" not in page
    assert "Disable sign-in" not in page
    assert browse(ada).post(f"{page_of(ada)}roles/", {"roles": []}).status_code == 403
    assert browse(ada).post(f"{page_of(ada)}disable/").status_code == 403


def test_unknown_role_comes_back_with_the_page(browse, ada, mia):
    response = browse(ada).post(f"{page_of(mia)}roles/", {"roles": ["SELLER"]})
    assert response.status_code == 422
    assert "<title>Error:" in response.content.decode()


def test_disable_and_enable_on_the_page(browse, ada, mia):
    for action, active in (("disable", False), ("enable", True)):
        assert browse(ada).post(f"{page_of(mia)}{action}/").status_code == 303
        assert User.objects.get(pk=mia.pk).is_active == active


def test_last_administrator_is_named_in_a_sentence(browse, ada, mia, monkeypatch):
    def refuse(user, *, actor):
        raise services.LastAdministrator

    monkeypatch.setattr(services, "disable", refuse)
    response = browse(ada).post(f"{page_of(mia)}disable/")
    assert response.status_code == 422
    assert "Mia Manager is the last administrator" in response.content.decode()


def test_rename_on_the_page(browse, ada, mia):
    assert browse(ada).post(f"{page_of(mia)}name/", {"name": "Mia M."}).status_code == 303
    assert User.objects.get(pk=mia.pk).name == "Mia M."
    assert browse(ada).post(f"{page_of(mia)}name/", {"name": "x" * 50_000}).status_code == 422
    assert browse(ada).post(f"{page_of(mia)}name/", {"name": " "}).status_code == 422


def test_invite_on_the_page(browse, ada):
    client = browse(ada)
    data = {"email": "New@acme.example", "audience": "VENDOR", "roles": ["LEGAL"], "language": "de"}
    response = client.post(INVITE, data)
    assert (response.status_code, response["Location"]) == (303, WAITING)
    page = client.get(WAITING).content.decode()
    assert "new@acme.example" in page
    assert "is on its way" in page
    invitation = Invitation.objects.get()
    assert (invitation.roles, invitation.language) == (["LEGAL"], "de")


def test_invite_a_lead_agent_needs_no_role(browse, ada):
    data = {"email": "leo@callcenter.example", "audience": "AGENT", "roles": ["LEGAL"]}
    assert browse(ada).post(INVITE, data).status_code == 303
    invitation = Invitation.objects.get()
    assert (invitation.audience, invitation.roles) == ("AGENT", [])


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"email": "mia@acme.example", "roles": ["LEGAL"]}, "already here"),
        ({"email": "new@acme.example", "roles": []}, "Choose at least one role"),
        ({"email": "not an address", "roles": ["LEGAL"]}, "There is a problem"),
        (
            {"email": "x@acme.example", "roles": ["LEGAL"], "audience": "PARTNER"},
            "There is a problem",
        ),
        ({"email": "x@acme.example", "roles": ["SELLER"]}, "There is a problem"),
    ],
)
def test_invite_comes_back_with_a_sentence(browse, ada, data, sentence):
    response = browse(ada).post(INVITE, {"audience": "VENDOR", **data})
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not Invitation.objects.exists()


def test_withdraw_and_send_again(browse, ada, travel):
    client = browse(ada)
    client.post(INVITE, {"email": "new@acme.example", "audience": "VENDOR", "roles": ["LEGAL"]})
    invitation = Invitation.objects.get()
    travel(days=3)
    assert client.post(f"{WAITING}{invitation.uid}/resend/").status_code == 303
    again = Invitation.objects.get()
    assert again.expires_at > invitation.expires_at
    client.post(f"{WAITING}{invitation.uid}/withdraw/")
    assert "is withdrawn" in client.get(WAITING).content.decode()
    client.post(f"{WAITING}{invitation.uid}/resend/")
    assert "already withdrawn" in client.get(WAITING).content.decode()


def test_nothing_waits(browse, ada):
    assert "No open invitations" in browse(ada).get(WAITING).content.decode()


def test_operators_look_after_operators(browse, olga):
    client = browse(olga, schema="ops")
    assert "olga@operator.example" in client.get(PEOPLE).content.decode()
    assert client.post(INVITE, {"email": "otto@operator.example"}).status_code == 303
    with context.entered("ops"):
        assert Invitation.objects.get().audience == Audience.OPERATOR
    assert client.get(page_of(olga)).status_code == 200


def preferences(**changes):
    whole = {
        "name": "Pat Seller",
        "language": "",
        "zone": "",
        "theme": "AUTO",
        "density": "COMFORTABLE",
        "shortcuts": "on",
    }
    return {**whole, **changes}


def test_preferences_are_saved(browse, pat):
    client = browse(pat)
    wanted = preferences(name="Pat S.", zone="Asia/Tokyo", theme="DARK", density="COMPACT")
    del wanted["shortcuts"]
    assert client.post("/me/", wanted).status_code == 303
    saved = User.objects.get(pk=pat.pk)
    assert (saved.name, saved.zone, saved.theme) == ("Pat S.", "Asia/Tokyo", "DARK")
    assert (saved.density, saved.shortcuts) == ("COMPACT", False)
    page = client.get("/me/").content.decode()
    assert "Your preferences are saved." in page
    assert 'data-theme="dark"' in page
    assert 'data-shortcuts="off"' in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 50_000},
        {"zone": "Mars/Olympus"},
        {"language": "fr"},
        {"theme": "PINK"},
    ],
)
def test_preferences_that_do_not_fit_come_back(browse, pat, wrong):
    response = browse(pat).post("/me/", preferences(**wrong))
    assert response.status_code == 422
    assert "There is a problem" in response.content.decode()


def test_security_shows_the_ways_to_change(browse, pat):
    page = browse(pat).get("/me/security/").content.decode()
    for link in ("/accounts/password/change/", "/accounts/2fa/totp/activate/"):
        assert link in page


def test_quick_switches_are_kept_for_the_person(browse, pat):
    browse(pat).post("/preferences/quick/", {"theme": "dark", "language": "de"})
    saved = User.objects.get(pk=pat.pk)
    assert (saved.theme, saved.language) == ("DARK", "de")


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/password/change/",
        "/accounts/password/reset/",
        "/accounts/password/reset/done/",
        "/accounts/password/reset/key/done/",
        "/accounts/inactive/",
        "/accounts/logout/",
        "/accounts/2fa/",
    ],
)
def test_pages_of_the_account_render(browse, pat, path):
    assert browse(pat).get(path).status_code == 200
