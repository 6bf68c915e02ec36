"""Every kind of difference between tenants is found, and named."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tenants import drift, shape

CAST = ["acme", "globex", "ops"]


def sql(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_cast_is_of_one_shape(db):
    assert len(set(shape.digests(CAST).values())) == 1
    assert shape.definitions("acme") == shape.definitions("globex")
    assert shape.differences(CAST) == {}


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("ALTER TABLE globex.users_user ADD COLUMN extra integer", ["has a column users_user.extra that the others do not have"]),
        ("ALTER TABLE globex.prm_event ALTER COLUMN code TYPE varchar(99)", ["has the column prm_event.code as"]),
        ("ALTER TABLE globex.prm_event ALTER COLUMN code DROP NOT NULL", ["lacks the constraint prm_event: prm_event_code_not_null"]),
        ("ALTER TABLE globex.prm_event ALTER COLUMN code SET DEFAULT 'x'", ["DEFAULT 'x'"]),
        ("CREATE TABLE globex.stray (id int)", ["has a table stray that the others do not have"]),
        ("CREATE INDEX stray ON globex.prm_event (code)", ["has an index stray"]),
        ("ALTER TABLE globex.prm_event DISABLE TRIGGER USER", ["(switched off)"]),
        ("CREATE FUNCTION globex.stray() RETURNS int LANGUAGE sql AS 'SELECT 1'", ["has a function stray()"]),
        ("ALTER TABLE globex.prm_portal_settings RENAME CONSTRAINT prm_portal_settings_pkey TO other", ["other"]),
    ],
)  # fmt: skip
def test_each_kind_of_difference_is_named(db, statement, said):
    sql(statement)
    found = shape.differences(CAST)
    assert set(found) == {"globex"}
    sentences = [str(each) for each in found["globex"]]
    for part in said:
        assert any(part in sentence for sentence in sentences), sentences


def test_what_differs_is_told_kept_and_logged(db, capsys):
    sql("CREATE INDEX stray ON globex.prm_event (code)")
    err = StringIO()
    with pytest.raises(CommandError, match="1 of 4 schemas"):
        call_command("check_tenants", stderr=err)
    assert "globex has an index stray that the others do not have" in err.getvalue()
    kept = drift.last_check()
    assert kept.findings == {"globex": ["has an index stray that the others do not have"]}
    sql("DROP INDEX globex.stray")
    assert drift.check().findings == {}
    assert drift.last_check().schemas == 4


def test_the_daily_comparison_is_done_once_a_day(db, travel):
    from tenants.tasks import compare_schemas

    compare_schemas()
    first = drift.last_check().checked_at
    compare_schemas()
    assert drift.last_check().checked_at == first
    travel(hours=24)
    compare_schemas()
    assert drift.last_check().checked_at > first


def test_a_schema_that_is_gone_differs_in_everything(db):
    sql("DROP SCHEMA globex CASCADE")
    found = drift.findings(drift.every_schema())
    assert set(found) == {"globex"}
    assert len(found["globex"]) > 1_000
    err = StringIO()
    with pytest.raises(CommandError):
        call_command("check_tenants", stderr=err)
    assert "differs in 30 more" in err.getvalue()
