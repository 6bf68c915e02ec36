"""One seeded installation for all standing tests: committed once, read by all, changed by none."""

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings

from prm.tenancy import context
from tenants.models import Tenant
from tests import database
from tests.browser.routed import chromium
from tests.conftest import PortalClient
from tests.standing import seed
from tests.standing.readings import Readings
from tests.standing.seed import World
from users.models import User

PERSONAS = {  # name -> tenant and address
    "pat": ("acme", "pat@harbor.example"),
    "paula": ("acme", "paula@harbor.example"),
    "sam": ("acme", "sam@summit.example"),
    "mia": ("acme", "mia@acme.example"),
    "ada": ("acme", "ada@acme.example"),
    "fin": ("acme", "fin@acme.example"),
    "lex": ("acme", "lex@acme.example"),
    "ana": ("acme", "ana@acme.example"),
    "nadia": ("acme", "nadia@acme.example"),
    "lea": ("acme", "lea@callcenter.example"),
    "gerd": ("globex", "gerd@globex.example"),
    "greta": ("globex", "greta@globex.example"),
    "peter": ("globex", "peter@hafen.example"),
    "petra": ("globex", "petra@hafen.example"),
    "bea": ("acme", "bea@bare-acme.example"),
    "olga": ("ops", "olga@operator.example"),
}


@dataclass(frozen=True)
class Seeded:
    """A database that is ready to be used, and what is in it."""

    database: str
    world: World
    overrides: dict[str, Any]


@pytest.fixture(scope="session")
def seeded(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Seeded]:
    """The seeded database of this process; a demo, so that the demo's doors are there as well."""
    overrides = {
        "DEMO": True,
        "DEMO_OPEN": False,
        "BIND": "127.0.0.1",
        "ROOT_URLCONF": "tests.standing.demo_tenant_urls",
        "OPS_URLCONF": "tests.standing.demo_ops_urls",
        "ACCOUNT_RATE_LIMITS": False,
        "EMAIL_BACKEND": "notifications.capture.CaptureBackend",
        "PRM_MAIL_CAPTURE_DIR": tmp_path_factory.mktemp("mail"),
        "PRM_MEDIA_ROOT": tmp_path_factory.mktemp("media"),
    }
    with django_db_blocker.unblock():
        before = connection.settings_dict["NAME"]
        name = f"{before}_standing"
        database.copy(name)
        database.use(name)
        with override_settings(**overrides), seed.hurried():
            Tenant.objects.update(is_demo=True)
            world = seed.build()
        database.use(before)
    yield Seeded(name, world, overrides)
    with django_db_blocker.unblock():
        connection.close()
        database.drop(name)


@pytest.fixture(scope="module")
def world(seeded: Seeded, django_db_blocker: Any) -> Iterator[World]:
    """Use the seeded database in this module."""
    with django_db_blocker.unblock(), override_settings(**seeded.overrides), seed.no_broker():
        before = connection.settings_dict["NAME"]
        database.use(seeded.database)
        yield seeded.world
        connection.close()
        database.use(before)


def sign_in(client: PortalClient, schema: str, user: User) -> None:
    """Sign in as with a password typed just now, so that nothing asks for it again."""
    with context.entered(schema):
        client.force_login(user)
        session = client.session
        at = time.time() + 3600  # noqa: TID251 - sessions stay on real time; a slow run takes minutes
        typed = {"method": "password", "at": at, "email": user.email}
        session["account_authentication_methods"] = [typed]
        session.save()


def client_of(schema: str, uid: str) -> PortalClient:
    """Return the browser of somebody who has a session, whether they may still come in or not."""
    client = PortalClient(schema, raise_request_exception=False)
    with context.entered(schema):
        user = User.objects.get(uid=uid)
    sign_in(client, schema, user)
    return client


@pytest.fixture(scope="module")
def clients(world: World) -> dict[str, PortalClient]:
    """A browser per persona, signed in at the persona's own tenant; `anon` is nobody."""
    found = {"anon": PortalClient("acme", raise_request_exception=False)}
    for name, (schema, email) in PERSONAS.items():
        client = PortalClient(schema, raise_request_exception=False)
        with context.entered(schema):
            user = User.objects.get(email=email)
        sign_in(client, schema, user)
        found[name] = client
    return found


@pytest.fixture(scope="module")
def real_portals(world: World) -> Iterator[None]:
    """The portals without the demo's doors: behind those, everybody's mail can be read."""
    logging.disable(logging.WARNING)
    names = {"ROOT_URLCONF": "prm.urls.tenant", "OPS_URLCONF": "prm.urls.ops"}
    with override_settings(DEMO=False, **names):
        yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="session")
def _readings(seeded: Seeded) -> Readings:
    return Readings(seeded.world)


@pytest.fixture(scope="module")
def readings(real_portals: None, clients: dict[str, PortalClient], _readings: Readings) -> Readings:
    """What each reader can read at portals that are no demo."""
    _readings.clients = clients
    return _readings


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Launch the machine's Chromium, without what it would do on its own."""
    launch = chromium()
    quiet = ["--disable-gpu", "--disable-background-networking"]
    return {**launch, "args": [*launch["args"], *quiet]}
