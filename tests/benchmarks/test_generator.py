"""A tiny tenant from the generator: the database has accepted every row, and all of them fit together."""

import pytest
from django.db import connection

from benchmarks import generator
from companies import matching
from companies.models import Company, CompanyName
from prm import clock
from prm.events.models import PendingSeal, Seal
from prm.events.verify import verify_tenant
from prm.tenancy import context
from registrations.enums import State
from registrations.models import Protection, Registration, RegistrationConflict, SubmissionCounter
from tenants import schemas
from tenants.services import NewTenant, create_tenant

SIZE = 60


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """A tenant of its own, filled once; it goes with its schema."""
    with django_db_blocker.unblock():
        tenant = create_tenant(NewTenant("bench", "Bench", "bench.localhost", country="US"))
        with context.entered("bench"):
            made = generator.fill(SIZE, clock.now())
        yield made
        schemas.drop(tenant)
        tenant.delete()


@pytest.fixture(autouse=True)
def _in_bench(world, db, _in_acme):
    with context.entered("bench"):
        yield
    connection.set_schema_to_public()


def test_states_and_sizes():
    assert Registration.objects.count() == SIZE
    assert set(Registration.objects.values_list("state", flat=True)) == set(State)
    assert Registration.objects.filter(partner__name="Harbor").count() == SIZE // 20


def test_ledger_numbers_have_no_gap_and_the_counter_follows():
    numbers = list(Registration.objects.exclude(ledger_number=None).order_by("ledger_number").values_list("ledger_number", flat=True))  # fmt: skip
    assert numbers == list(range(1, len(numbers) + 1))
    assert SubmissionCounter.objects.get().last == numbers[-1]


def test_every_registration_has_a_product_line():
    assert not Registration.objects.filter(product_lines=None).exists()


def test_approved_ones_hold_a_protection_that_runs():
    approved = set(Registration.objects.filter(state=State.APPROVED).values_list("pk", flat=True))
    running = Protection.objects.filter(period__contains=clock.now())
    assert set(running.values_list("holders__registration", flat=True)) == approved


def test_names_are_found_by_their_keys():
    company = Company.objects.order_by("pk").first()
    found = matching.find(matching.CompanyQuery(name=company.name.upper(), country=company.country))
    assert found[0].company_id == company.pk
    assert not CompanyName.objects.exclude(norm_version=matching.NORM_VERSION).exists()


def test_queued_ones_have_their_conflict():
    queued = Registration.objects.filter(state=State.QUEUED)
    assert RegistrationConflict.objects.filter(registration__in=queued, kind="PROTECTED").count() == queued.count()  # fmt: skip


def test_events_are_sealed_and_the_chain_verifies():
    assert not PendingSeal.objects.exists()
    assert Seal.objects.count() > SIZE
    assert verify_tenant().holds


def test_next_rows_get_keys_behind_the_written_ones():
    company = Company.objects.create(name="Later Ltd", sort_key="later", country="GB")
    assert company.pk > len(Company.objects.all()) - 1
