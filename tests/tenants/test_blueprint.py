"""A schema made from the record is the schema that migrations make."""

import pytest
from django.db import connection

from prm.tenancy.database import connection as tenancy
from tenants import blueprint, schemas
from tenants.models import Blueprint
from tenants.services import NewTenant, create_tenant

pytestmark = [pytest.mark.concurrency, pytest.mark.usefixtures("own_database")]

SHAPE = """
SELECT 'column', table_name || '.' || column_name, data_type || ' ' || is_nullable || ' '
       || coalesce(replace(column_default, %(schema)s || '.', ''), '')
FROM information_schema.columns WHERE table_schema = %(schema)s
UNION ALL SELECT 'constraint', conrelid::regclass::text || ' ' || conname,
       replace(pg_get_constraintdef(oid), %(schema)s || '.', '')
FROM pg_constraint WHERE connamespace = %(schema)s::regnamespace AND conrelid <> 0
UNION ALL SELECT 'index', indexname, replace(indexdef, %(schema)s || '.', '')
FROM pg_indexes WHERE schemaname = %(schema)s
UNION ALL SELECT 'trigger', tgname, replace(pg_get_triggerdef(t.oid), %(schema)s || '.', '')
FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid
WHERE relnamespace = %(schema)s::regnamespace AND NOT tgisinternal
UNION ALL SELECT 'function', proname, replace(prosrc, %(schema)s || '.', '')
FROM pg_proc WHERE pronamespace = %(schema)s::regnamespace
ORDER BY 1, 2, 3
"""


def shape(schema):
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('search_path', %s, false)", [f"{schema}, public"])
        cursor.execute(SHAPE, {"schema": schema})
        rows = cursor.fetchall()
        cursor.execute(f'SELECT app, name FROM "{schema}".django_migrations ORDER BY id')
        return rows, cursor.fetchall()


@pytest.fixture(autouse=True)
def _unblocked(django_db_blocker):
    with django_db_blocker.unblock():
        yield
        tenancy.set_schema_to_public()


def test_a_replayed_schema_is_a_migrated_one():
    assert blueprint.known() is not None  # the cast's tenants were made with this release
    made = create_tenant(NewTenant("replayed", "Replayed", "replayed.localhost", country="US"))
    assert made.ready
    assert shape("replayed") == shape("acme")
    assert schemas.behind(["replayed"]) == []


def test_a_portal_made_from_the_record_is_made_anew_when_half_of_it_is_there():
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA halfway; CREATE TABLE halfway.users_user (id int)")
    statements = blueprint.known()
    assert statements
    blueprint.replay("halfway", statements)
    assert shape("halfway") == shape("acme")


def test_without_a_record_migrations_make_the_schema_and_leave_one():
    Blueprint.objects.all().delete()
    create_tenant(NewTenant("first", "First", "first.localhost", country="US"))
    assert blueprint.known() is not None
    assert shape("first") == shape("acme")
