"""The schema is named when it changes, and again after whatever may have undone it."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from partners.models import Partner
from prm.tenancy import context

pytestmark = pytest.mark.django_db


def _path() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW search_path")
        return str(cursor.fetchone()[0])


@transaction.atomic
def _stumble_in(schema: str) -> None:
    connection.set_schema_to_public()
    with context.entered(schema):
        Partner.objects.count()
        raise ZeroDivisionError


@transaction.atomic
def _write_twice() -> None:
    Partner.objects.create(name="Twice", reference="P-1", country="DE")
    Partner.objects.create(name="Twice", reference="P-2", country="DE")


def test_schema_is_named_once_for_many_statements():
    connection.set_schema_to_public()
    with context.entered("acme"), CaptureQueriesContext(connection) as captured:
        for _ in range(3):
            Partner.objects.count()
    named = [q for q in captured.captured_queries if q["sql"].startswith("SET search_path")]
    assert len(named) == 1


def test_leaving_a_tenant_names_the_other_one():
    with context.entered("globex"):
        assert _path().startswith("globex")
    assert _path().startswith("acme")


def test_rolled_back_savepoint_does_not_bring_the_other_tenant_back():
    with context.entered("globex"):
        Partner.objects.count()
    with pytest.raises(ZeroDivisionError):
        _stumble_in("globex")
    with context.entered("acme"):
        assert _path().startswith("acme")


def test_schema_entered_inside_a_failed_savepoint_is_named_again():
    with context.entered("globex"):
        with pytest.raises(IntegrityError):
            _write_twice()
        assert _path().startswith("globex")
        assert not Partner.objects.filter(name="Twice").exists()


@pytest.mark.django_db(transaction=True)
def test_whole_transaction_rolled_back_leaves_no_stale_schema(own_database):
    with context.entered("globex"):
        Partner.objects.count()
    with pytest.raises(ZeroDivisionError):
        _stumble_in("acme")
    with context.entered("acme"):
        assert _path().startswith("acme")
        assert Partner.objects.filter(name="Harbor").exists()
    with context.entered("globex"):
        assert _path().startswith("globex")
        connection.close()
        assert _path().startswith("globex")
