"""A form sent without a session: what was typed comes back after sign-in, once, and only here."""

import re
from urllib.parse import urlencode

import pytest
from django.http import QueryDict

from prm import carry
from tests.world import PASSWORD

INVITE = "/settings/people/invite/"
TYPED = {"email": "new@acme.example", "name": "Nina “New” <b>", "audience": "VENDOR"}
SENTENCE = "You were signed out. Sign in and what you typed is still here."
FORM = "application/x-www-form-urlencoded"
HTMX = {"HTTP_HX_REQUEST": "true"}


def carried(response):
    """The field of the sign-in page that carries the form."""
    return re.search(r'name="carried" value="([^"]*)"', response.content.decode()).group(1)


def send(client, path, data, **headers):
    """Send a form as a browser does."""
    return client.post(path, urlencode(data, doseq=True), content_type=FORM, **headers)


def sign_in(client, user, token="", **more):
    data = {"login": user.email, "password": PASSWORD, "carried": token, **more}
    return client.post("/accounts/login/", data)


def test_form_comes_back_after_sign_in(browse, ada):
    client = browse()
    page = send(client, INVITE, TYPED)
    assert page.status_code == 200
    assert SENTENCE in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    response = sign_in(client, ada, carried(page))
    assert response["Location"] == INVITE
    form = client.get(INVITE).context["form"]
    assert (form["email"].value(), form["name"].value()) == (TYPED["email"], TYPED["name"])
    assert not form.errors
    assert client.get(INVITE).context["form"]["email"].value() is None


def test_every_kind_of_field_is_filled_again(browse, ada):
    client = browse()
    typed = {**TYPED, "roles": ["LEGAL", "FINANCE"], "language": "de"}
    sign_in(client, ada, carried(send(client, INVITE, typed)))
    page = client.get(INVITE).content.decode()
    for value in ("LEGAL", "FINANCE"):
        assert re.search(rf'value="{value}"[^>]*checked', page)
    assert re.search(r'value="de" selected', page)


def test_form_survives_a_mistyped_password(browse, ada):
    client = browse()
    first = carried(send(client, INVITE, TYPED))
    again = client.post(
        "/accounts/login/", {"login": ada.email, "password": "wrong", "carried": first}
    )
    assert sign_in(client, ada, carried(again))["Location"] == INVITE


def test_the_page_of_the_form_is_where_one_lands(browse, ada, mia):
    client, page = browse(), f"/settings/people/{mia.uid}/"
    referer = f"http://acme.localhost{page}?from=list"
    token = carried(send(client, f"{page}name/", {"name": "Mi"}, HTTP_REFERER=referer))
    assert sign_in(client, ada, token)["Location"] == f"{page}?from=list"


@pytest.mark.parametrize(
    "referer",
    [
        "http://evil.example/settings/people/",
        "http://acme.localhost//evil.example/",
        "http://acme.localhost/accounts/login/",
        "http://acme.localhost/no/such/page/",
        "javascript:alert(1)",
    ],
)
def test_a_strange_referer_counts_for_nothing(browse, ada, referer):
    client = browse()
    token = carried(send(client, INVITE, TYPED, HTTP_REFERER=referer))
    assert sign_in(client, ada, token)["Location"] == INVITE


def test_tokens_and_passwords_are_never_carried(browse, ada):
    client = browse()
    secrets = {"csrfmiddlewaretoken": "t", "password": "p", "new_password1": "p", "otp": "1"}
    token = carried(send(client, INVITE, {**TYPED, **secrets}))
    sign_in(client, ada, token)
    assert set(carry_of(client)) == set(TYPED)


def carry_of(client):
    """The fields that wait in the browser's session."""
    return QueryDict(client.session[carry.SESSION_KEY]["fields"])


def test_repeated_fields_keep_every_value(browse, ada):
    client = browse()
    sign_in(client, ada, carried(send(client, INVITE, {**TYPED, "roles": ["LEGAL", "FINANCE"]})))
    assert carry_of(client).getlist("roles") == ["LEGAL", "FINANCE"]


def test_tampered_token_carries_nothing(browse, ada):
    client = browse()
    token = carried(send(client, INVITE, TYPED))
    assert sign_in(client, ada, "x" + token[1:])["Location"] == "/"
    assert carry.SESSION_KEY not in client.session


def test_token_of_another_vendor_carries_nothing(browse, ada):
    foreign = carried(send(browse(schema="globex"), INVITE, TYPED))
    client = browse()
    assert sign_in(client, ada, foreign)["Location"] == "/"
    assert carry.SESSION_KEY not in client.session


def test_old_token_carries_nothing(browse, ada, monkeypatch):
    client = browse()
    token = carried(send(client, INVITE, TYPED))
    monkeypatch.setattr(carry, "MAX_AGE", -1)
    assert sign_in(client, ada, token)["Location"] == "/"


def test_wrong_password_fills_no_session(browse, ada):
    client = browse()
    token = carried(send(client, INVITE, TYPED))
    client.post("/accounts/login/", {"login": ada.email, "password": "no", "carried": token})
    assert carry.SESSION_KEY not in client.session


def test_fields_wait_for_their_own_page(browse, ada):
    client = browse()
    sign_in(client, ada, carried(send(client, INVITE, TYPED)))
    assert client.get("/me/").context["form"]["name"].value() == ada.name
    assert client.get(INVITE).context["form"]["email"].value() == TYPED["email"]


def test_htmx_form_is_sent_to_the_sign_in_page_and_comes_back(browse, ada):
    client = browse()
    headers = {**HTMX, "HTTP_HX_CURRENT_URL": f"http://acme.localhost{INVITE}"}
    response = send(client, INVITE, TYPED, **headers)
    assert response["HX-Redirect"] == "/accounts/login/?next=%2Fsettings%2Fpeople%2Finvite%2F"
    assert SENTENCE in client.get(response["HX-Redirect"]).content.decode()
    assert sign_in(client, ada)["Location"] == INVITE
    assert client.get(INVITE).context["form"]["email"].value() == TYPED["email"]


def test_htmx_reading_is_sent_to_the_sign_in_page(browse):
    headers = {**HTMX, "HTTP_HX_CURRENT_URL": "http://acme.localhost/settings/people/"}
    response = browse().get("/settings/people/?q=a", **headers)
    assert response["HX-Redirect"] == "/accounts/login/?next=%2Fsettings%2Fpeople%2F"


@pytest.mark.parametrize("kind", ["large", "files"])
def test_what_cannot_be_kept_is_said(browse, kind):
    client = browse()
    if kind == "large":
        response = send(client, INVITE, {"name": "x" * carry.LIMIT})
    else:
        response = client.post(INVITE, {"name": "x"})
    assert response["Location"] == f"/accounts/login/?next={INVITE}"
    assert "could not be kept" in client.get(response["Location"]).content.decode()


def test_account_pages_are_never_carried(browse):
    response = send(browse(), "/accounts/password/change/", {"note": "x"})
    assert response["Location"] == "/accounts/login/?next=/accounts/password/change/"


def test_reading_without_a_session_is_the_plain_redirect(browse):
    assert browse().get(INVITE)["Location"] == f"/accounts/login/?next={INVITE}"
