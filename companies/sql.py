"""What the database itself must hold and Django cannot say: nobody is their own ancestor."""

from django.db import migrations

_FUNCTION = """
CREATE FUNCTION companies_refuse_circle() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    above bigint := NEW.parent_id;
    steps integer := 0;
BEGIN
    WHILE above IS NOT NULL LOOP
        steps := steps + 1;
        IF above = NEW.id OR steps > 100 THEN
            RAISE EXCEPTION 'a company is not its own ancestor'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'a company is not its own ancestor';
        END IF;
        EXECUTE format('SELECT parent_id FROM %I.%I WHERE id = $1', TG_TABLE_SCHEMA, TG_TABLE_NAME)
            INTO above USING above;
    END LOOP;
    RETURN NEW;
END $$
"""
_TRIGGER = """
CREATE TRIGGER companies_refuse_circle BEFORE INSERT OR UPDATE OF parent_id ON companies_company
FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION companies_refuse_circle()
"""

OPERATIONS = [
    migrations.RunSQL([_FUNCTION], ["DROP FUNCTION companies_refuse_circle()"]),
    migrations.RunSQL([_TRIGGER], ["DROP TRIGGER companies_refuse_circle ON companies_company"]),
]
