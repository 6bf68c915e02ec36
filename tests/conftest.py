"""Fixtures of every test: the database, the active tenant (acme), the cast, a client per person."""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from partners.models import Partner
from prm import clock
from prm.tenancy import context
from tenants.models import Tenant
from tests import database
from users.models import User

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's loop runs beside the ORM

HOSTS = {"acme": "acme.localhost", "globex": "globex.localhost", "ops": "ops.localhost"}


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """Give this process a copy of the template database."""
    with django_db_blocker.unblock():
        name = database.worker_name()
        database.copy(name)
        database.use(name)
    yield
    with django_db_blocker.unblock():
        connection.close()
        database.drop(name)


@pytest.fixture(scope="module")
def own_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A database of the module's own, for real commits on several connections; never flushed."""
    with django_db_blocker.unblock():
        before = connection.settings_dict["NAME"]
        name = f"{before}_own"
        database.copy(name)
        database.use(name)
        with context.entered("acme"):
            yield name
        connection.close()
        database.use(before)
        database.drop(name)


@pytest.fixture(autouse=True)
def _in_acme(request: pytest.FixtureRequest) -> Iterator[None]:
    """Tests that use the database run inside acme unless they enter another tenant."""
    wants = {"db", "transactional_db"} & set(request.fixturenames)
    if not wants and request.node.get_closest_marker("django_db") is None:
        yield
        return
    if "transactional_db" not in wants:
        request.getfixturevalue("db")
    clock.forget()
    connection.set_schema_to_public()
    connection.set_tenant(Tenant.objects.get(schema_name="acme"))
    try:
        yield
    finally:
        connection.set_schema_to_public()
        clock.forget()


@pytest.fixture
def travel(db: None) -> Callable[..., None]:
    """`travel(days=30)` moves the installation's clock; the test's transaction undoes it."""

    def go(**by: float) -> None:
        clock.advance(timedelta(**by))

    return go


class Queries:
    """The statements that a block ran, without the ones that only choose a schema or a savepoint."""

    _NOISE = ("SET search_path", "SAVEPOINT", "RELEASE SAVEPOINT")

    def __init__(self) -> None:
        self._context = CaptureQueriesContext(connection)

    def __enter__(self) -> "Queries":
        self._context.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self._context.__exit__(*error)

    @property
    def sql(self) -> list[str]:
        """The statements, in order."""
        every = [query["sql"] for query in self._context.captured_queries]
        return [sql for sql in every if not sql.startswith(self._NOISE)]

    def __len__(self) -> int:
        return len(self.sql)


@pytest.fixture
def queries(db: None) -> Callable[[], Queries]:
    """`with queries() as q: ...` then `len(q)` and `q.sql`."""
    return Queries


@pytest.fixture
def globex(db: None) -> Iterator[None]:
    """Run inside the other vendor's tenant."""
    with context.entered("globex"):
        yield


class PortalClient(Client):
    """A browser at one tenant's host."""

    def __init__(self, schema: str = "acme", user: User | None = None, **kwargs: Any) -> None:
        super().__init__(SERVER_NAME=HOSTS[schema], **kwargs)
        if user is not None:
            with context.entered(schema):
                self.force_login(user)


@pytest.fixture
def browse(db: None) -> Callable[..., PortalClient]:
    """`browse(pat)` is Pat's browser at acme; `browse()` is nobody's."""

    def make(user: User | None = None, schema: str = "acme") -> PortalClient:
        return PortalClient(schema, user)

    return make


def _someone(email: str) -> Any:
    def fixture(db: None) -> User:
        return User.objects.get(email=email)

    return pytest.fixture(fixture)


ada = _someone("ada@acme.example")
mia = _someone("mia@acme.example")
max_ = _someone("max@acme.example")
fin = _someone("fin@acme.example")
lex = _someone("lex@acme.example")
ana = _someone("ana@acme.example")
nadia = _someone("nadia@acme.example")
lea = _someone("lea@callcenter.example")
pat = _someone("pat@harbor.example")
paula = _someone("paula@harbor.example")
sam = _someone("sam@summit.example")
sue = _someone("sue@summit.example")


@pytest.fixture
def olga(db: None) -> User:
    """The operator; she lives in the tenant ops."""
    with context.entered("ops"):
        return User.objects.get(email="olga@operator.example")


@pytest.fixture
def harbor(db: None) -> Partner:
    """Pat's and Paula's partner."""
    return Partner.objects.get(name="Harbor")


@pytest.fixture
def summit(db: None) -> Partner:
    """Sam's and Sue's partner, Harbor's rival."""
    return Partner.objects.get(name="Summit")
