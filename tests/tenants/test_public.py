"""Hosts that nobody logs in at: they name nothing, whoever asks."""

import pytest
from django.test import Client

from tenants import services
from tenants.models import Tenant

NAMES = (b"Acme", b"acme", b"Globex", b"globex", b"Operators", b"ops.")


def _names_nothing(response):
    assert not [name for name in NAMES if name in response.content]
    assert "Set-Cookie" not in response.headers
    assert b"csrf" not in response.content


@pytest.mark.parametrize(
    "host", ["nobody.localhost", "acme.localhost.evil.example", "10.0.0.1", "x"]
)
def test_an_unknown_host_names_nothing(db, host):
    response = Client(SERVER_NAME=host).get("/accounts/login/")
    assert response.status_code == 404
    _names_nothing(response)


def test_a_suspended_portal_names_nothing(db):
    services.suspend_portal(Tenant.objects.get(schema_name="acme"), reason="Unpaid", actor=None)
    response = Client(SERVER_NAME="acme.localhost").get("/accounts/login/")
    assert response.status_code == 503
    _names_nothing(response)
    assert b"Unpaid" not in response.content


def test_a_portal_that_is_still_opening_names_nothing(db):
    services.reserve_tenant(services.NewTenant("", "Initech", "initech.localhost"))
    response = Client(SERVER_NAME="initech.localhost").get("/")
    assert response.status_code == 503
    assert b"Initech" not in response.content


def test_the_installations_own_host_names_nothing(db):
    response = Client(SERVER_NAME="localhost").get("/")
    assert response.status_code == 200
    _names_nothing(response)


@pytest.mark.parametrize("path", ["/demo/", "/accounts/login/", "/tenants/", "/x"])
def test_the_installations_own_host_has_nothing_else(db, path):
    response = Client(SERVER_NAME="localhost").get(path)
    assert response.status_code == 404
    _names_nothing(response)


def test_another_port_and_case_reach_the_same_portal(db):
    response = Client(SERVER_NAME="ACME.localhost", SERVER_PORT="8123").get("/accounts/login/")
    assert response.status_code == 200


def test_public_pages_carry_the_strict_policy(db):
    response = Client(SERVER_NAME="localhost").get("/")
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
