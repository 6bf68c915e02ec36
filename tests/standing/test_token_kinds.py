"""Every kind of signed or secret thing, refused at another tenant; a new kind fails until it is listed.

Each check makes the thing at acme, shows that it counts there, and that it means nothing at globex even
when globex holds an exact copy of the row behind it.
"""

import re
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.contrib.sessions.models import Session
from django.core import signing
from django.core.cache import caches
from django.forms.models import model_to_dict
from django.test import RequestFactory

from partners import receipts
from prm import carry, clock, limits, links
from prm.links.models import ActionLink
from prm.links.services import _landings
from prm.receipts import registry
from prm.tenancy import context
from prm.ui.messages import TenantCookieStorage
from tests.conftest import PortalClient
from tests.standing.sending import undone
from users.adapters import MfaAdapter
from users.models import User
from users.tokens import ResetTokens

ROOT = Path(settings.BASE_DIR)
ROOMS = ("prm", "users", "catalog", "notifications", "partners", "companies", "registrations", "leads",
         "reports", "tenants")  # fmt: skip
SIGNS = re.compile(
    r"\b(signing\.(?:dumps|loads|get_cookie_signer)|(?:Timestamp)?Signer\(|salted_hmac\(|Fernet\(|"
    r"hmac\.(?:new|digest)\(|set_signed_cookie\(|get_signed_cookie\(|PasswordResetTokenGenerator\)|"
    r"make_random_password\(|get_random_string\(|token_urlsafe\(|secrets\.token_\w+\()"
)
SOURCES = {  # file -> the kind that is checked below, or why it is none
    "prm/carry.py": "carried form",
    "prm/links/services.py": "action link",
    "prm/ui/messages.py": "message cookie",
    "users/adapters.py": "second factor",
    "users/models.py": "session",
    "users/tokens.py": "password reset",
    "prm/uploads.py": "no token: a random file name, served by a view of the tenant's",
    "prm/tables.py": "no token: a random file name, served by a view of the tenant's",
    "prm/events/services.py": "no token: the salt of a commitment",
}


@pytest.fixture(autouse=True)
def _undone(world):
    with undone():
        yield


def _twin():
    """Make globex's person of the same number an exact copy of acme's in all that tokens are made of."""
    with context.entered("acme"):
        pat = User.objects.get(email="pat@harbor.example")
    same = {"email": pat.email, "password": pat.password, "last_login": pat.last_login,
            "sign_in_epoch": pat.sign_in_epoch}  # fmt: skip
    with context.entered("globex"):
        User.objects.filter(pk=pat.pk).update(**same)
        return pat, User.objects.get(pk=pat.pk)


def _session(world):
    pat, _copy = _twin()
    client = PortalClient("acme", pat)
    key = client.cookies["sessionid"].value
    assert client.get("/me/").status_code == 200
    with context.entered("acme"):
        row = Session.objects.get(pk=key)
    with context.entered("globex"):
        Session.objects.create(pk=key, session_data=row.session_data, expire_date=row.expire_date)
    other = PortalClient("globex")
    other.cookies["sessionid"] = key
    assert other.get("/me/").status_code == 302


def _reset(world):
    pat, copy = _twin()
    with context.entered("acme"):
        token = ResetTokens().make_token(pat)
        assert ResetTokens().check_token(pat, token)
    with context.entered("globex"):
        assert not ResetTokens().check_token(copy, token)


def _link(world):
    """Every purpose that a link of ours can have, an invitation's among them."""
    assert len(_landings) > 5
    for purpose in _landings:
        with context.entered("acme"):
            found = links.create(
                purpose, subject=uuid4(), expires_at=clock.now() + timedelta(days=1)
            )
            token = links.token(found)
            assert links.open_link(token) == found
            values = {**model_to_dict(found, exclude=["id"]), "uid": found.uid}
        with context.entered("globex"):
            ActionLink.objects.create(**values)
            with pytest.raises(links.LinkInvalid):
                links.open_link(token)


def _carried(world):
    request = RequestFactory().get("/")
    cargo = {"posted_to": "/deals/new/", "landing": "/deals/new/", "fields": "company_name=X"}
    with context.entered("acme"):
        token = signing.dumps(cargo, salt=carry._salt(), compress=True)
        request.session = {}
        assert carry.keep(request, token) == "/deals/new/"
    with context.entered("globex"):
        request.session = {}
        assert carry.keep(request, token) is None


def _message(world):
    request = RequestFactory().get("/")
    with context.entered("acme"):
        said = TenantCookieStorage(request)._encode([Message(constants.INFO, "acme only")])
        assert [m.message for m in TenantCookieStorage(request)._decode(said)] == ["acme only"]
    with context.entered("globex"):
        assert not TenantCookieStorage(request)._decode(said)


def _second_factor(world):
    with context.entered("acme"):
        locked = MfaAdapter().encrypt("JBSWY3DPEHPK3PXP")
        assert MfaAdapter().decrypt(locked) == "JBSWY3DPEHPK3PXP"
    with context.entered("globex"):
        assert MfaAdapter().decrypt(locked) == ""


def _csrf(world):
    """A form's token is worth what its cookie is, and the cookie is one host's."""
    here = PortalClient("acme", enforce_csrf_checks=True)
    page = here.get("/accounts/login/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page).group(1)
    assert not here.cookies["csrftoken"]["domain"]
    there = PortalClient("globex", enforce_csrf_checks=True)
    there.get("/accounts/login/")
    form = {"csrfmiddlewaretoken": token, "login": "a@b.example", "password": "x"}
    assert there.post("/accounts/login/", form).status_code == 403
    origin = {"HTTP_ORIGIN": "http://acme.localhost"}
    assert there.post("/accounts/login/", form, **origin).status_code == 403
    assert here.post("/accounts/login/", form).status_code == 200


def _receipt(world):
    with context.entered("acme"):
        reference = world.of("acme")["own.acceptance"]
        digest = receipts.find(reference).digest
        assert registry.verify(reference, digest) is not None
    with context.entered("globex"):
        assert registry.verify(reference, digest) is None


def _cached(world):
    for alias in caches:
        with context.entered("acme"):
            caches[alias].set("kind", "acme only", 60)
            assert caches[alias].get("kind") == "acme only"
        with context.entered("globex"):
            assert caches[alias].get("kind") is None
            assert settings.CACHES[alias]["KEY_FUNCTION"] == "prm.tenancy.cache.make_key"


def _limit(world):
    with context.entered("acme"):
        assert limits.may("kind", "peer", most=1, seconds=60)
        assert not limits.may("kind", "peer", most=1, seconds=60)
    with context.entered("globex"):
        assert limits.may("kind", "peer", most=1, seconds=60)


KINDS = {
    "session": _session,
    "password reset": _reset,
    "action link": _link,
    "carried form": _carried,
    "message cookie": _message,
    "second factor": _second_factor,
    "CSRF token": _csrf,
    "receipt": _receipt,
    "cached value": _cached,
    "limit": _limit,
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_acmes_means_nothing_at_globex(kind, world):
    KINDS[kind](world)


def test_every_place_that_signs_or_makes_secrets_is_listed():
    found = set()
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            if SIGNS.search(path.read_text()) or "TokenGenerator)" in path.read_text():
                found.add(str(path.relative_to(ROOT)))
    assert found == set(SOURCES)
    kinds = {what for what in SOURCES.values() if not what.startswith("no token: ")}
    assert kinds <= set(KINDS)
