"""Triggers: published versions never change, acceptances only lose their personal part."""

from collections.abc import Iterator

from django.db import migrations

FIXED_VERSION = """
CREATE FUNCTION partners_fixed_version() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF OLD.published_at IS NULL THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% on % is refused: a published version never changes', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$body$
"""

FORGET_ONLY = """
CREATE FUNCTION partners_forget_only() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.typed_name = '' AND NEW.address IS NULL
       AND to_jsonb(NEW) - 'typed_name' - 'address' = to_jsonb(OLD) - 'typed_name' - 'address' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% on % is refused: an acceptance stays as it was given', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$body$
"""


def operations() -> Iterator[migrations.RunSQL]:
    """Yield the migration's operations, run in each tenant's own schema."""
    yield migrations.RunSQL([FIXED_VERSION], ["DROP FUNCTION partners_fixed_version()"])
    yield migrations.RunSQL([FORGET_ONLY], ["DROP FUNCTION partners_forget_only()"])
    yield _trigger("fixed_version", "partners_agreementversion", "partners_fixed_version")
    yield _trigger("forget_only", "partners_acceptance", "partners_forget_only")


def _trigger(name: str, table: str, function: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        [
            f"CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {function}()"
        ],
        [f"DROP TRIGGER {name} ON {table}"],
    )
