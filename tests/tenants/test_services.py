"""Reserve, suspend, resume: names and hosts are taken once, every step is on record."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from prm import events
from prm.tenancy import context
from prm.tenancy.fanout import live_tenants
from tenants import services
from tenants.enums import PortalState
from tenants.models import Domain, Opening, Tenant
from tenants.services import NewTenant

NEW = NewTenant(
    "",
    "Initech",
    "initech.localhost",
    administrator_name="Ina",
    administrator_email="ina@initech.example",
)


def _codes(tenant):
    with context.entered("ops"):
        return [event.code for event in events.timeline(tenant).order_by("pk")]


def test_reserve_takes_name_and_host_and_records(olga):
    tenant = services.reserve_tenant(NEW, actor=olga)

    assert tenant.state == PortalState.OPENING
    assert tenant.schema_name == "initech"
    assert Domain.objects.get(tenant=tenant).domain == "initech.localhost"
    assert Opening.objects.get(tenant=tenant).administrator_email == "ina@initech.example"
    assert _codes(tenant) == ["portal.reserved"]


@pytest.mark.parametrize("name", ["Acme Software", "ACME software"])
def test_reserve_refuses_a_name_that_is_taken(db, name):
    with pytest.raises(services.NameTaken, match="Choose another name"):
        services.reserve_tenant(NewTenant("", name, "other.localhost"))
    assert not Domain.objects.filter(domain="other.localhost").exists()


def test_reserve_refuses_a_host_that_is_taken(db):
    with pytest.raises(services.HostTaken, match=r"acme\.localhost"):
        services.reserve_tenant(NewTenant("", "Another", "acme.localhost"))
    assert not Tenant.objects.filter(name="Another").exists()


def test_request_builds_only_after_the_commit(
    olga, monkeypatch, django_capture_on_commit_callbacks
):
    queued = []
    monkeypatch.setattr(
        "tenants.tasks.build_portal.apply_async", lambda args, **options: queued.extend(args)
    )
    with django_capture_on_commit_callbacks() as callbacks, context.entered("ops"):
        services.request_portal(NEW, actor=olga)
        assert queued == []
    assert len(callbacks) == 1
    callbacks[0]()
    assert queued == ["initech"]


def test_a_broker_that_is_down_loses_no_portal(
    olga, monkeypatch, django_capture_on_commit_callbacks
):
    from kombu.exceptions import OperationalError

    def refuse(args, **options):
        raise OperationalError

    monkeypatch.setattr("tenants.tasks.build_portal.apply_async", refuse)
    with django_capture_on_commit_callbacks(execute=True), context.entered("ops"):
        tenant = services.request_portal(NEW, actor=olga)
    assert tenant.state == PortalState.OPENING


def test_only_an_operator_requests_a_portal(ada):
    with pytest.raises(PermissionDenied):
        services.request_portal(NEW, actor=ada)


def test_suspend_stops_and_resume_starts(olga):
    acme = Tenant.objects.get(schema_name="acme")
    with context.entered("ops"):
        suspended = services.suspend_portal(acme, reason="Unpaid", actor=olga)
    assert suspended.state == PortalState.SUSPENDED
    assert "acme" not in live_tenants()
    with context.entered("ops"):
        assert services.resume_portal(suspended, actor=olga).state == PortalState.LIVE
    assert "acme" in live_tenants()
    assert _codes(acme)[-2:] == ["portal.suspended", "portal.resumed"]


def test_suspend_twice_and_resume_twice_are_refused(olga):
    acme = Tenant.objects.get(schema_name="acme")
    services.suspend_portal(acme, reason="Unpaid", actor=None)
    with pytest.raises(services.NotPossibleNow):
        services.suspend_portal(acme, reason="Unpaid", actor=None)
    services.resume_portal(acme, actor=None)
    with pytest.raises(services.NotPossibleNow):
        services.resume_portal(acme, actor=None)


def test_operators_cannot_lock_themselves_out(olga):
    ops = Tenant.objects.get(schema_name="ops")
    with pytest.raises(PermissionDenied):
        services.suspend_portal(ops, reason="Oops", actor=olga)
    with pytest.raises(PermissionDenied):
        services.suspend_portal(ops, reason="Oops", actor=None)


def test_retry_wants_a_failure(olga):
    acme = Tenant.objects.get(schema_name="acme")
    with pytest.raises(services.NotPossibleNow):
        services.retry_portal(acme, actor=olga)


def test_a_failure_is_kept_and_can_be_tried_again(
    olga, monkeypatch, django_capture_on_commit_callbacks
):
    tenant = services.reserve_tenant(NEW, actor=olga)
    monkeypatch.setattr("tenants.schemas.make", _break)
    with pytest.raises(RuntimeError):
        services.build_tenant(tenant)
    tenant.refresh_from_db()
    assert tenant.state == PortalState.FAILED
    assert tenant.failure == "RuntimeError: the disk is full"
    assert _codes(tenant) == ["portal.reserved", "portal.failed"]

    queued = []
    monkeypatch.setattr(
        "tenants.tasks.build_portal.apply_async", lambda args, **options: queued.extend(args)
    )
    with django_capture_on_commit_callbacks(execute=True), context.entered("ops"):
        services.retry_portal(tenant, actor=olga)
    tenant.refresh_from_db()
    assert (tenant.state, queued) == (PortalState.OPENING, ["initech"])


def test_the_tick_finds_openings_whose_job_was_lost(olga, monkeypatch, travel):
    from tenants import tasks

    services.reserve_tenant(NEW, actor=olga)
    queued = []
    monkeypatch.setattr("tenants.tasks.build_portal.delay", queued.append)
    tasks.tick()
    assert queued == ["initech"]
    opening = Opening.objects.get()
    opening.tried_at = opening.tenant.created_at
    opening.save()
    tasks.tick()
    assert queued == ["initech"]
    travel(minutes=7)
    tasks.tick()
    assert queued == ["initech", "initech"]


@pytest.mark.constraints
@pytest.mark.parametrize("schema", ["Acme", "a", "1abc", "pg toast", "x" * 60])
def test_a_schema_name_is_short_and_plain(db, schema):
    with (
        pytest.raises(IntegrityError, match="a schema name is short and plain"),
        transaction.atomic(),
    ):
        Tenant.objects.bulk_create([Tenant(schema_name=schema, name="Any")])


@pytest.mark.constraints
def test_a_suspension_has_a_reason(db):
    from prm import clock

    with pytest.raises(IntegrityError, match="a suspension has a reason"), transaction.atomic():
        Tenant.objects.filter(schema_name="acme").update(suspended_at=clock.now())


def _break(tenant):
    raise RuntimeError("the disk is full")
