"""The second factor: set up, asked for, kept secret, demanded of staff where the portal says so."""

import re
from time import time  # noqa: TID251 - one-time codes stay on real time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value

from prm import events
from prm.portal.models import PortalSettings
from prm.tenancy import context
from tests.world import PASSWORD
from users import services
from users.adapters import MfaAdapter

SET_UP = "/accounts/2fa/totp/activate/"
ASKED = "This portal asks its staff for a second factor."


def code_of(secret):
    return format_hotp_value(hotp_value(secret, int(time()) // 30))


def sign_in(client, user):
    return client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})


def set_up(client, user):
    """Sign in, set up an authenticator app, and return its secret."""
    sign_in(client, user)
    page = client.get(SET_UP)
    secret = page.context["form"].secret
    response = client.post(SET_UP, {"code": code_of(secret)})
    assert response["Location"] == "/accounts/2fa/recovery-codes/"
    return secret


@pytest.fixture
def demanded(db):
    PortalSettings.objects.update(require_staff_mfa=True)


def test_set_up_right_after_sign_in_asks_no_second_time(
    browse, pat, django_capture_on_commit_callbacks
):
    client = browse()
    with django_capture_on_commit_callbacks(execute=True):
        set_up(client, pat)
    assert "Recovery codes" in client.get("/accounts/2fa/recovery-codes/").content.decode()
    assert list(events.timeline(pat).values_list("code", flat=True)) == ["user.second_factor_set"]


def test_app_shows_the_portals_name(browse, pat):
    client = browse()
    sign_in(client, pat)
    assert "issuer=Acme%20Software" in client.get(SET_UP).context["totp_url"]


def test_sign_in_asks_for_the_code(browse, pat):
    secret = set_up(browse(), pat)
    client = browse()
    assert sign_in(client, pat)["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/me/").status_code == 302
    wrong = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert "Incorrect code" in wrong.content.decode()
    right = client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert right["Location"] == "/"
    assert client.get("/me/").status_code == 200


def test_sign_in_with_a_recovery_code_works_once(browse, pat):
    set_up(browse(), pat)
    kept = Authenticator.objects.get(user=pat, type=Authenticator.Type.RECOVERY_CODES)
    code = kept.wrap().get_unused_codes()[0]
    for expected in (302, 200):
        client = browse()
        sign_in(client, pat)
        response = client.post("/accounts/2fa/authenticate/", {"code": code})
        assert response.status_code == expected


def test_secret_is_stored_encrypted_for_this_tenant(browse, pat):
    secret = set_up(browse(), pat)
    stored = Authenticator.objects.get(user=pat, type=Authenticator.Type.TOTP)
    assert secret not in str(stored.data)
    assert MfaAdapter().decrypt(stored.data["secret"]) == secret
    with context.entered("globex"):
        assert MfaAdapter().decrypt(stored.data["secret"]) == ""
        assert not TOTP(stored).validate_code(code_of(secret))


def test_staff_without_one_are_sent_to_set_it_up(browse, mia, demanded):
    client = browse(mia)
    response = client.get("/me/")
    assert response["Location"] == SET_UP
    page = client.get(SET_UP, follow=True)
    assert ASKED in page.content.decode()


def test_a_form_sent_without_one_is_kept(browse, ada, demanded):
    sign_in(client := browse(), ada)
    form = "application/x-www-form-urlencoded"
    response = client.post(
        "/settings/people/invite/", "email=new%40acme.example", content_type=form
    )
    assert response["Location"] == SET_UP
    set_up_page = client.get(SET_UP, follow=True).content.decode()
    assert "it is kept" in set_up_page
    set_up(client, ada)
    page = client.get("/settings/people/invite/")
    assert page.context["form"]["email"].value() == "new@acme.example"


def test_htmx_is_sent_there_as_a_page(browse, mia, demanded):
    response = browse(mia).get("/me/", HTTP_HX_REQUEST="true")
    assert response["HX-Redirect"] == SET_UP


@pytest.mark.parametrize(
    "path", ["/accounts/2fa/", "/accounts/reauthenticate/", "/accounts/logout/", "/help/"]
)
def test_ways_out_stay_open(browse, mia, demanded, path):
    response = browse(mia).get(path)
    assert response.status_code == 200 or response["Location"] != SET_UP


def test_recovery_codes_alone_are_no_second_factor(browse, mia, demanded):
    Authenticator.objects.create(user=mia, type=Authenticator.Type.RECOVERY_CODES, data={})
    assert browse(mia).get("/me/")["Location"] == SET_UP


def test_with_one_staff_work_as_ever(browse, mia, demanded):
    client = browse()
    set_up(client, mia)
    assert client.get("/me/").status_code == 200


def test_partner_people_and_agents_are_not_asked(browse, pat, lea, demanded):
    for user in (pat, lea):
        assert browse(user).get("/me/").status_code == 200


def test_operators_are_asked_too(browse, olga):
    with context.entered("ops"):
        PortalSettings.objects.update(require_staff_mfa=True)
    assert browse(olga, schema="ops").get("/me/")["Location"] == SET_UP


def test_demanded_factor_cannot_be_switched_off(browse, mia, pat, demanded):
    for user, left in ((mia, True), (pat, False)):
        client = browse()
        set_up(client, user)
        client.post("/accounts/2fa/totp/deactivate/")
        totp = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP)
        assert totp.exists() == left


def test_administrator_removes_a_lost_one(browse, ada, mia):
    client = browse()
    set_up(client, mia)
    page = browse(ada).get(f"/settings/people/{mia.uid}/").content.decode()
    assert re.search(r"Remove second factor", page)
    response = browse(ada).post(f"/settings/people/{mia.uid}/second-factor/")
    assert response.status_code == 303
    assert not Authenticator.objects.filter(user=mia).exists()
    assert client.get("/me/").status_code == 302
    services.reset_second_factor(mia, actor=ada)
    codes = list(events.timeline(mia).values_list("code", flat=True))
    assert codes == ["user.second_factor_reset"]
