"""The shape of schemas, name by name: do all tenants have the same tables, columns, constraints, indexes, triggers, functions?

Digests of the catalogue's raw entries first, of all schemas in one statement, because writing out every
definition of 200 tenants takes longer than anybody waits at a deploy; definitions only where digests differ.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from prm.tenancy.database import connection

Shape = dict[tuple[str, str], str]
"""(kind, name) to definition, without the schema's name."""

_DIGESTS = """
WITH spaces AS (SELECT oid, nspname FROM pg_namespace WHERE nspname = ANY(%s)),
classes AS (
    SELECT c.oid, nspname, relname, relkind FROM pg_class c JOIN spaces s ON relnamespace = s.oid
),
facts (nspname, fact) AS (
    SELECT nspname, concat_ws(' ', 'relation', relname, relkind) FROM classes WHERE relkind <> 'i'
    UNION ALL
    SELECT nspname, concat_ws(' ', 'column', relname, attname, atttypid, atttypmod, attnotnull,
                              attidentity, attgenerated, attcollation, adbin)
    FROM classes c JOIN pg_attribute a ON attrelid = c.oid
    LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE relkind IN ('r', 'p', 'v') AND attnum > 0 AND NOT attisdropped
    UNION ALL
    SELECT c.nspname, concat_ws(' ', 'constraint', c.relname, conname, contype, condeferrable,
                                condeferred, convalidated, conkey, confkey, confdeltype,
                                confupdtype, r.relname, conexclop, conbin)
    FROM classes c JOIN pg_constraint ON conrelid = c.oid LEFT JOIN pg_class r ON confrelid = r.oid
    UNION ALL
    SELECT nspname, concat_ws(' ', 'index', relname, indisunique, indisvalid, indkey, indclass,
                              indoption, indcollation, indexprs, indpred)
    FROM classes c JOIN pg_index ON indexrelid = c.oid
    UNION ALL
    SELECT nspname, concat_ws(' ', 'trigger', relname, tgname, proname, tgtype, tgenabled, tgattr,
                              tgargs, tgdeferrable, tginitdeferred, tgqual)
    FROM classes c JOIN pg_trigger ON tgrelid = c.oid JOIN pg_proc p ON tgfoid = p.oid
    WHERE NOT tgisinternal
    UNION ALL
    SELECT nspname, concat_ws(' ', 'function', proname, proargtypes, prosrc, provolatile,
                              prosecdef, proconfig)
    FROM spaces s JOIN pg_proc ON pronamespace = s.oid
)
SELECT nspname, concat_ws('-', count(*), bit_xor(hashtextextended(fact, 0)),
                          bit_xor(hashtextextended(fact, 1)))
FROM facts GROUP BY nspname
"""
_DEFINITIONS = """
SELECT kind, name, regexp_replace(definition, '(\\m|")' || %(schema)s || '"?\\.', '', 'g') FROM (
    SELECT 'table' AS kind, tablename::text AS name, '' AS definition FROM pg_tables
    WHERE schemaname = %(schema)s
    UNION ALL
    SELECT 'column', table_name || '.' || column_name,
           concat_ws(' ', format_type(atttypid, atttypmod),
                     CASE WHEN attnotnull THEN 'NOT NULL' ELSE 'NULL' END,
                     'DEFAULT ' || column_default,
                     'GENERATED ' || coalesce(generation_expression, identity_generation))
    FROM information_schema.columns
    JOIN pg_attribute ON attname = column_name
     AND attrelid = format('%%I.%%I', table_schema, table_name)::regclass
    WHERE table_schema = %(schema)s
    UNION ALL
    SELECT 'constraint', relname || ': ' || conname, pg_get_constraintdef(k.oid)
    FROM pg_constraint k JOIN pg_class c ON conrelid = c.oid
    WHERE relnamespace = to_regnamespace(%(space)s)
    UNION ALL
    SELECT 'index', c.relname,
           pg_get_indexdef(c.oid) || CASE WHEN indisvalid THEN '' ELSE ' (not valid)' END
    FROM pg_index JOIN pg_class c ON indexrelid = c.oid
    WHERE relnamespace = to_regnamespace(%(space)s)
    UNION ALL
    SELECT 'trigger', relname || ': ' || tgname,
           pg_get_triggerdef(t.oid) || CASE tgenabled WHEN 'O' THEN '' ELSE ' (switched off)' END
    FROM pg_trigger t JOIN pg_class c ON tgrelid = c.oid
    WHERE relnamespace = to_regnamespace(%(space)s) AND NOT tgisinternal
    UNION ALL
    SELECT 'function', proname || '(' || pg_get_function_identity_arguments(oid) || ')',
           pg_get_functiondef(oid)
    FROM pg_proc WHERE pronamespace = to_regnamespace(%(space)s) AND prokind = 'f'
) AS every
"""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that one schema has otherwise than the others; empty where it is missing."""

    kind: str
    name: str
    found: str | None
    wanted: str | None

    def __str__(self) -> str:
        if self.found is None:
            return f"lacks the {self.kind} {self.name}"
        if self.wanted is None:
            article = "an" if self.kind == "index" else "a"
            return f"has {article} {self.kind} {self.name} that the others do not have"
        return f"has the {self.kind} {self.name} as {self.found!r}, not {self.wanted!r}"


def digests(schemas: Iterable[str]) -> dict[str, str]:
    """Return a digest of each schema's catalogue entries; one statement for all of them."""
    with connection.cursor() as cursor:
        cursor.execute(_DIGESTS, [list(schemas)])
        return dict(cursor.fetchall())


def definitions(schema: str) -> Shape:
    """Return every name in a schema with its definition, as it would read in any other schema."""
    with connection.cursor() as cursor:
        cursor.execute(_DEFINITIONS, {"schema": schema, "space": f'"{schema}"'})
        return {(kind, name): definition for kind, name, definition in cursor.fetchall()}


def differences(schemas: Iterable[str]) -> dict[str, list[Difference]]:
    """Return what each of the tenants' schemas has otherwise than most of them have."""
    names = sorted(schemas)
    found = digests(names)
    counted = Counter(found.get(schema, "") for schema in names)
    if len(counted) <= 1:
        return {}
    usual = max(names, key=lambda schema: counted[found.get(schema, "")])
    odd = [schema for schema in names if found.get(schema) != found.get(usual)]
    wanted = definitions(usual)
    compared = {schema: list(_compare(definitions(schema), wanted)) for schema in odd}
    return {schema: list_ for schema, list_ in compared.items() if list_}


def _compare(found: Shape, wanted: Shape) -> Iterable[Difference]:
    for kind, name in sorted(found.keys() | wanted.keys()):
        ours, theirs = found.get((kind, name)), wanted.get((kind, name))
        if ours != theirs:
            yield Difference(kind, name, ours, theirs)
