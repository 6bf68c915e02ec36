"""Opening a portal for real: a schema with every table, an invitation, and an end that harms nobody.

On a database of its own, because schemas are made and dropped outside any test's transaction.
"""

import threading
import time

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client

from prm import events
from prm.tenancy import context
from tenants import drift, schemas, services
from tenants.enums import PortalState
from tenants.models import Opening, Tenant
from tenants.services import NewTenant

pytestmark = pytest.mark.concurrency

NEW = NewTenant(
    "",
    "Initech",
    "initech.localhost",
    language="de",
    currency="EUR",
    zone="Europe/Vienna",
    country="AT",
    administrator_name="Ina Initech",
    administrator_email="ina@initech.example",
)


@pytest.fixture(scope="module")
def initech(own_database, django_db_blocker):
    """A portal opened as the console's job opens it."""
    with django_db_blocker.unblock():
        from tenants.tasks import build_portal

        tenant = services.reserve_tenant(NEW)
        began = time.monotonic()
        build_portal(tenant.schema_name)
        tenant.refresh_from_db()
        tenant.took = time.monotonic() - began
        yield tenant


@pytest.fixture(autouse=True)
def _unblocked(django_db_blocker, initech):
    with django_db_blocker.unblock():
        yield


def test_it_is_live_within_the_promise(initech):
    assert initech.state == PortalState.LIVE
    assert initech.took < 15
    assert not Opening.objects.filter(tenant=initech).exists()


def test_it_has_every_table_and_its_own_settings(initech):
    assert drift.missing_tables([initech.schema_name]) == {}
    assert schemas.behind([initech.schema_name]) == []
    with context.entered(initech.schema_name):
        from prm import portal

        current = portal.current()
        assert (current.name, current.language, current.currency) == ("Initech", "de", "EUR")
        assert (current.zone, current.holidays_country) == ("Europe/Vienna", "AT")


def test_its_first_administrator_is_invited_and_nobody_else_is_there(initech):
    from notifications.models import Notice
    from users.models import Invitation, User

    with context.entered(initech.schema_name):
        assert not User.objects.exists()
        invitation = Invitation.objects.get()
        assert (invitation.email, invitation.roles) == ("ina@initech.example", ["ADMINISTRATOR"])
        assert Notice.objects.get().email == "ina@initech.example"


def test_every_step_is_on_record_with_the_operators(initech):
    with context.entered("ops"):
        codes = [event.code for event in events.timeline(initech).order_by("pk")]
    assert codes == ["portal.reserved", "portal.opened"]


def test_it_answers_at_its_host(initech):
    response = Client(SERVER_NAME="initech.localhost").get("/accounts/login/")
    assert response.status_code == 200
    assert "Initech" in response.content.decode()


def test_building_again_changes_nothing(initech):
    from tenants.tasks import build_portal

    build_portal(initech.schema_name)
    services.build_tenant(initech)
    initech.refresh_from_db()
    assert initech.state == PortalState.LIVE


def test_a_second_builder_leaves_at_once():
    tenant = services.reserve_tenant(NewTenant("", "Umbrella", "umbrella.localhost"))
    with schemas.building(tenant.schema_name) as mine:
        assert mine
        other = threading.Thread(target=_build_elsewhere, args=(tenant,))
        other.start()
        other.join(10)
    tenant.refresh_from_db()
    assert tenant.state == PortalState.OPENING
    tenant.delete()


def test_two_reservations_at_once_take_the_host_once():
    results = []
    threads = [threading.Thread(target=_reserve, args=(n, results)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(results) == ["HostTaken", "HostTaken", "HostTaken", "Tenant"]
    Tenant.objects.filter(domains__domain="same.localhost").delete()


def test_check_tenants_names_what_is_missing(initech):
    call_command("check_tenants")
    with connection.cursor() as cursor:
        cursor.execute(
            f'ALTER TABLE "{initech.schema_name}".prm_due_row RENAME TO prm_due_row_gone'
        )
    try:
        with pytest.raises(CommandError):
            call_command("check_tenants")
        assert drift.missing_tables([initech.schema_name]) == {initech.schema_name: ["prm_due_row"]}
    finally:
        with connection.cursor() as cursor:
            cursor.execute(
                f'ALTER TABLE "{initech.schema_name}".prm_due_row_gone RENAME TO prm_due_row'
            )


@pytest.mark.constraints
def test_dropping_the_first_tenant_keeps_the_constraints_of_the_others(initech):
    acme = Tenant.objects.get(schema_name="acme")
    schemas.drop(acme)
    with connection.cursor() as cursor:
        cursor.execute("SELECT extname FROM pg_extension WHERE extname LIKE 'btree%'")
        assert cursor.fetchall() == [("btree_gist",)]
        cursor.execute(
            "SELECT count(*) FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace"
            " WHERE n.nspname = %s AND c.contype = 'x'",
            [initech.schema_name],
        )
        assert cursor.fetchone()[0] >= 1
    with context.entered(initech.schema_name):
        _protect_twice()


def _protect_twice():
    """The exclusion constraint still refuses the same scope at the same time."""
    from django.utils.timezone import timedelta
    from psycopg.types.range import TimestamptzRange

    from companies.models import Company
    from prm import clock
    from registrations.fields import ids
    from registrations.models import Protection

    company = Company.objects.create(name="Hooli", sort_key="hooli")
    period = TimestamptzRange(clock.now(), clock.now() + timedelta(days=1))
    values = {
        "company": company,
        "products": ids(frozenset()),
        "places": ids(frozenset()),
        "period": period,
    }
    Protection.objects.create(**values)
    with (
        pytest.raises(IntegrityError, match="one protection per scope and time"),
        transaction.atomic(),
    ):
        Protection.objects.create(**values)


def _build_elsewhere(tenant):
    try:
        services.build_tenant(tenant)
    finally:
        connection.close()


def _reserve(number, results):
    try:
        services.reserve_tenant(NewTenant("", f"Same {number}", "same.localhost"))
        results.append("Tenant")
    except services.HostTaken:
        results.append("HostTaken")
    finally:
        connection.close()
