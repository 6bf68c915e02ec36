"""Append-only by trigger: migration operations, run in each tenant's own schema.

The functions are created unqualified, so they land in the schema being migrated, and a tenant's dump
carries them.
"""

from collections.abc import Iterator

from django.db import migrations

REFUSE = """
CREATE FUNCTION prm_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    RAISE EXCEPTION '% on % is refused: rows are only ever added', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$body$
"""

ERASE_ONLY = """
CREATE FUNCTION prm_erase_only() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF NEW.event_id = OLD.event_id AND NEW.salt IS NULL AND NEW.private IS NULL THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'UPDATE on % is refused: a private part is only ever erased', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$body$
"""


def _trigger(name: str, when: str, table: str, function: str) -> migrations.RunSQL:
    each = "STATEMENT" if "TRUNCATE" in when else "ROW"
    return migrations.RunSQL(
        [
            f"CREATE TRIGGER {name} BEFORE {when} ON {table} "
            f"FOR EACH {each} EXECUTE FUNCTION {function}()"
        ],
        [f"DROP TRIGGER {name} ON {table}"],
    )


def append_only(*tables: str) -> Iterator[migrations.RunSQL]:
    """Yield operations after which the tables refuse UPDATE, DELETE and TRUNCATE."""
    for table in tables:
        yield _trigger("refuse_change", "UPDATE OR DELETE", table, "prm_refuse_change")
        yield _trigger("refuse_truncate", "TRUNCATE", table, "prm_refuse_change")


OPERATIONS: list[migrations.RunSQL] = [
    migrations.RunSQL([REFUSE], ["DROP FUNCTION prm_refuse_change()"]),
    migrations.RunSQL([ERASE_ONLY], ["DROP FUNCTION prm_erase_only()"]),
    *append_only("prm_event", "prm_seal", "prm_rule_version"),
    _trigger("erase_only", "UPDATE", "prm_event_detail", "prm_erase_only"),
    _trigger("refuse_delete", "DELETE", "prm_event_detail", "prm_refuse_change"),
    _trigger("refuse_truncate", "TRUNCATE", "prm_event_detail", "prm_refuse_change"),
]
