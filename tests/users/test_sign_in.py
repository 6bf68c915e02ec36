"""Signing in and out, what ends a session, and how often one may try."""

import uuid
from typing import Any

import pytest
from django.contrib.sessions.models import Session

from prm.access import Audience, Role
from prm.settings import base
from prm.tenancy import context
from tests.world import PASSWORD, person
from users import adapters, services

LOGIN = "/accounts/login/"


def sign_in(client: Any, email: str, password: str = PASSWORD, **extra: Any) -> Any:
    return client.post(LOGIN, {"login": email, "password": password}, **extra)


def is_in(client: Any) -> bool:
    return client.get("/me/").status_code == 200


@pytest.fixture
def letters(monkeypatch):
    """What allauth wanted to be mailed."""
    sent: list[tuple[str, str, dict[str, Any]]] = []
    monkeypatch.setattr(adapters, "_mailers", [lambda *letter: sent.append(letter)])
    return sent


def test_sign_in_with_address_and_password(browse, pat):
    client = browse()
    response = sign_in(client, "Pat@Harbor.example")
    assert (response.status_code, response["Location"]) == (302, "/")
    assert is_in(client)


@pytest.mark.parametrize("email", ["pat@harbor.example", "nobody@harbor.example"])
def test_sign_in_says_the_same_for_wrong_password_and_unknown_address(browse, email):
    page = sign_in(browse(), email, "not the password").content.decode()
    assert "are not correct" in page


def test_sign_in_keeps_where_one_wanted_to_go(browse, pat):
    client = browse()
    first = client.get("/me/")
    assert first["Location"] == f"{LOGIN}?next=/me/"
    response = client.post(
        LOGIN, {"login": pat.email, "password": PASSWORD, "next": "/me/security/"}
    )
    assert response["Location"] == "/me/security/"


def test_sign_in_never_leads_to_another_host(browse, pat):
    data = {"login": pat.email, "password": PASSWORD, "next": "//evil.example/"}
    assert browse().post(LOGIN, data)["Location"] == "/"


def test_nobody_signs_up(browse):
    for path in ("signup", "email", "social", "confirm-email"):
        assert browse().get(f"/accounts/{path}/").status_code == 404


def test_sign_out_needs_a_post(browse, pat):
    client = browse(pat)
    client.get("/accounts/logout/")
    assert is_in(client)
    assert client.post("/accounts/logout/")["Location"] == LOGIN
    assert not is_in(client)


def test_disabled_person_is_told_so(browse, ada, pat):
    services.disable(pat, actor=ada)
    client = browse()
    assert sign_in(client, pat.email)["Location"] == "/accounts/inactive/"
    assert not is_in(client)


def test_disabled_person_is_out_with_the_next_request(browse, ada, pat):
    client = browse(pat)
    assert is_in(client)
    services.disable(pat, actor=ada)
    assert not is_in(client)
    services.enable(pat, actor=ada)
    assert not is_in(client)


def test_revoked_role_counts_from_the_next_request(browse, ada, mia):
    services.change_roles(mia, roles=[Role.ADMINISTRATOR], actor=ada)
    client = browse(mia)
    assert client.get("/settings/people/").status_code == 200
    services.change_roles(mia, roles=[Role.ANALYST], actor=ada)
    assert client.get("/settings/people/").status_code == 403


def test_changed_password_ends_other_sessions(browse, pat, letters):
    here, elsewhere = browse(), browse(pat)
    sign_in(here, pat.email)
    new = "a longer way to say friend"
    data = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    response = here.post("/accounts/password/change/", data)
    assert response["Location"] == "/me/security/"
    assert (is_in(here), is_in(elsewhere)) == (True, False)
    assert [letter[:2] for letter in letters] == [("account/email/password_changed", pat.email)]


def test_reset_password_by_mail(browse, pat, letters):
    client = browse()
    client.post("/accounts/password/reset/", {"email": pat.email})
    prefix, email, facts = letters[0]
    assert (prefix, email) == ("account/email/password_reset_key", pat.email)
    url = facts["password_reset_url"]
    assert url.startswith("http://acme.localhost/")
    path = client.get(url.removeprefix("http://acme.localhost"))["Location"]
    new = "a longer way to say friend"
    assert client.post(path, {"password1": new, "password2": new}).status_code == 302
    assert sign_in(client, pat.email, new)["Location"] == "/"


def test_reset_says_the_same_for_an_unknown_address(browse, letters):
    response = browse().post("/accounts/password/reset/", {"email": "nobody@harbor.example"})
    assert response["Location"] == "/accounts/password/reset/done/"
    assert letters == []


def test_session_of_one_vendor_means_nothing_at_another(browse, pat):
    client, other = browse(), browse(schema="globex")
    sign_in(client, pat.email)
    other.cookies = client.cookies
    assert is_in(client)
    assert not is_in(other)
    with context.entered("globex"):
        assert not Session.objects.filter(pk=client.cookies["sessionid"].value).exists()


def test_same_address_at_two_vendors_is_two_people(browse, pat):
    with context.entered("globex"):
        twin = person(pat.email, "Pat at Globex", Audience.PARTNER)
        twin.set_password("quite another password")
        twin.save()
    sign_in(here := browse(), pat.email)
    sign_in(there := browse(schema="globex"), pat.email)
    assert (is_in(here), is_in(there)) == (True, False)
    sign_in(there, pat.email, "quite another password")
    assert "Pat at Globex" in there.get("/me/").content.decode()


def test_cookies_stay_on_the_host(browse, pat):
    client = browse()
    client.get(LOGIN)
    sign_in(client, pat.email)
    cookies = {name: cookie["domain"] for name, cookie in client.cookies.items()}
    assert cookies == {"csrftoken": "", "sessionid": ""}


class TestLimits:
    """With allauth's limits on; the test settings have them off."""

    @pytest.fixture(autouse=True)
    def _on(self, settings):
        settings.ACCOUNT_RATE_LIMITS = base.ACCOUNT_RATE_LIMITS

    @pytest.fixture
    def victim(self, db):
        return person(f"{uuid.uuid4().hex}@harbor.example", "Vera Victim", Audience.PARTNER)

    @pytest.fixture
    def office(self):
        """An address that no earlier run has used up."""
        number = uuid.uuid4().int
        return {"REMOTE_ADDR": f"10.{number % 250}.{number // 250 % 250}.{number // 62500 % 250}"}

    def test_five_failures_stop_one_person_at_one_place(self, browse, victim, pat, office):
        for _try in range(5):
            sign_in(browse(), victim.email, "wrong", **office)
        stopped = sign_in(browse(), victim.email, **office)
        assert "Too many failed" in stopped.content.decode()
        assert sign_in(browse(), pat.email, **office).status_code == 302
        elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
        assert sign_in(browse(), victim.email, **elsewhere).status_code == 302

    def test_limits_of_one_vendor_do_not_count_at_another(self, browse, victim, office):
        with context.entered("globex"):
            person(victim.email, "Vera Victim", Audience.PARTNER)
        for _try in range(5):
            sign_in(browse(), victim.email, "wrong", **office)
        assert sign_in(browse(schema="globex"), victim.email, **office).status_code == 302

    def test_success_does_not_use_the_limit_up(self, browse, victim, office):
        for _try in range(7):
            assert sign_in(browse(), victim.email, **office).status_code == 302

    def test_one_peer_cannot_try_at_vendor_after_vendor(self, browse, victim, office, monkeypatch):
        monkeypatch.setattr("users.limits.FAILURES", 3)
        for schema in ("acme", "globex", "ops"):
            sign_in(browse(schema=schema), f"{uuid.uuid4().hex}@x.example", "wrong", **office)
        stopped = sign_in(browse(), victim.email, **office)
        assert "Too many failed" in stopped.content.decode()
