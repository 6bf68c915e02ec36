"""What opens something at acme opens nothing at globex: sessions, links, resets, carried forms, caches.

Where a token is bound to a row, globex gets an exact copy of the row: even then the token must not open.
"""

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core import signing
from django.core.cache import cache
from django.forms.models import model_to_dict
from django.test import RequestFactory
from django.urls import reverse

from prm import carry, links
from prm.links.models import ActionLink
from prm.tenancy import context
from tests.conftest import PortalClient
from tests.standing import matrix
from tests.standing.crawling import read
from tests.standing.sending import undone
from tests.world import PASSWORD
from users.adapters import MfaAdapter
from users.models import User

LINKS = ("own.link.still-active", "own.link.stage", "own.link.lost", "own.invitation.link",
         "invitation.link")  # fmt: skip


@pytest.fixture(autouse=True)
def _undone(world):
    with undone():
        yield


@pytest.mark.parametrize("persona", ["pat", "ada", "lea", "olga"])
@pytest.mark.parametrize("schema", ["globex", "ops", "acme"])
def test_a_session_counts_at_its_own_portal_only(persona, schema, clients):
    home = "ops" if persona == "olga" else "acme"
    answer = read(clients[persona], schema, "/me/")
    assert matrix.outcome(answer.response) == ("200" if schema == home else matrix.SIGN_IN)


def test_a_password_counts_at_its_own_portal_only(world):
    client = PortalClient("globex")
    form = {"login": "ada@acme.example", "password": PASSWORD}
    assert client.post("/accounts/login/", form).status_code == 200
    assert "sessionid" not in client.cookies or not client.cookies["sessionid"].value


@pytest.mark.parametrize("key", LINKS)
def test_a_link_from_a_mail_opens_nothing_elsewhere(key, world):
    token = world.of("acme")[key]
    with context.entered("acme"):
        values = model_to_dict(links.open_link(token), exclude=["id"])
        values["uid"] = links.open_link(token).uid
    assert PortalClient("globex").get(f"/a/{token}/").status_code == 404
    with context.entered("globex"):
        ActionLink.objects.create(**values)
        with pytest.raises(links.LinkInvalid):
            links.open_link(token)


def test_a_changed_link_opens_nothing(world):
    token = world.of("acme")["own.link.stage"]
    for forged in (token[:-1], token + "A", token.replace(".", ""), "a.b", ".", "x" * 500):
        assert PortalClient("acme").get(f"/a/{forged}/").status_code == 404


def test_a_password_reset_opens_nothing_elsewhere(world):
    with context.entered("acme"):
        pat = User.objects.get(email="pat@harbor.example")
        key = default_token_generator.make_token(pat)
    name = {"uidb36": user_pk_to_url_str(pat), "key": key}
    address = reverse("account_reset_password_from_key", kwargs=name, urlconf="prm.urls.tenant")
    assert PortalClient("acme").get(address).status_code == 302
    with context.entered("globex"):
        same = {"email": pat.email, "password": pat.password, "last_login": pat.last_login}
        User.objects.filter(pk=pat.pk).update(**same)
        twin = User.objects.get(pk=pat.pk)
        assert (twin.password, twin.last_login) == (pat.password, pat.last_login)
        assert not default_token_generator.check_token(twin, key)
    assert PortalClient("globex").get(address).status_code == 200  # says that the link is not good


def test_a_carried_form_is_taken_at_its_own_portal_only(world):
    cargo = {"posted_to": "/deals/new/", "landing": "/deals/new/", "fields": "company_name=X"}
    request = RequestFactory().get("/")
    request.session = {}
    with context.entered("acme"):
        token = signing.dumps(cargo, salt=context.salt("carry"), compress=True)
        assert carry.keep(request, token) == "/deals/new/"
    request.session = {}
    with context.entered("globex"):
        assert carry.keep(request, token) is None
    assert request.session == {}


def test_a_cached_value_stays_in_its_tenant(world):
    with context.entered("acme"):
        cache.set("standing", "acme only", 60)
        assert cache.get("standing") == "acme only"
    with context.entered("globex"):
        assert cache.get("standing") is None


def test_a_second_factors_secret_opens_in_its_tenant_only(world):
    adapter = MfaAdapter()
    with context.entered("acme"):
        locked = adapter.encrypt("JBSWY3DPEHPK3PXP")
        assert adapter.decrypt(locked) == "JBSWY3DPEHPK3PXP"
    with context.entered("globex"):
        assert adapter.decrypt(locked) == ""
