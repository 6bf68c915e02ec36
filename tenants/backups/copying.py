"""Rows out of and into a schema by COPY, in an order and a spelling that make equal rows equal bytes."""

import hashlib
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from psycopg import sql

from prm.tenancy.database import connection
from tenants.backups.manifest import CHUNK, Rows

_SPELLING = {
    "TimeZone": "UTC",
    "DateStyle": "ISO, YMD",
    "IntervalStyle": "postgres",
    "extra_float_digits": "1",
    "bytea_output": "hex",
}


def spell_alike() -> None:
    """Have this transaction write values in one way, whatever the server or the role prefers."""
    with connection.cursor() as cursor:
        for name, value in _SPELLING.items():
            cursor.execute("SELECT set_config(%s, %s, true)", [name, value])


def columns_of(schema: str) -> dict[str, list[str]]:
    """Return the columns of every table that rows are written to, in the tables' order."""
    found: dict[str, list[str]] = {}
    for table, column in _ask(
        "SELECT relname, attname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
        " JOIN pg_attribute a ON attrelid = c.oid WHERE nspname = %s AND relkind = 'r'"
        " AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY relname, attnum",
        schema,
    ):
        found.setdefault(table, []).append(column)
    return found


def keys_of(schema: str) -> dict[str, list[str]]:
    """Return the primary key of every table that has one."""
    found: dict[str, list[str]] = {}
    for table, column in _ask(
        "SELECT c.relname, attname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
        " JOIN pg_index i ON indrelid = c.oid AND indisprimary"
        " JOIN pg_attribute a ON attrelid = c.oid AND attnum = ANY(indkey)"
        " WHERE nspname = %s ORDER BY 1, array_position(indkey::int2[], attnum)",
        schema,
    ):
        found.setdefault(table, []).append(column)
    return found


def sequences_of(schema: str) -> dict[str, int]:
    """Return the last value of every sequence that was ever asked."""
    asked = _ask(
        "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = %s"
        " AND last_value IS NOT NULL ORDER BY 1",
        schema,
    )
    return dict(asked)


def _ask(statement: str, schema: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [schema])
        return list(cursor.fetchall())


def copy_out(schema: str, table: str, columns: list[str], key: list[str]) -> Iterator[bytes]:
    """Yield a table's rows as COPY writes them, by primary key or, without one, by all columns."""
    order: list[sql.Composable] = [sql.Identifier(name) for name in key] or [
        sql.SQL("{}::text").format(sql.Identifier(name)) for name in columns
    ]
    statement = sql.SQL("COPY (SELECT {} FROM {} ORDER BY {}) TO STDOUT").format(
        sql.SQL(", ").join(map(sql.Identifier, columns)),
        sql.Identifier(schema, table),
        sql.SQL(", ").join(order),
    )
    with connection.cursor() as cursor, cursor.cursor.copy(statement) as copy:
        for block in copy:
            yield bytes(block)


def keep(blocks: Iterator[bytes], columns: list[str], path: Path | None = None) -> Rows:
    """Count and digest rows, and write them to a file if one is named."""
    digest, rows = hashlib.sha256(), 0
    with path.open("wb") if path else nullcontext() as stream:
        for block in blocks:
            digest.update(block)
            rows += block.count(b"\n")  # COPY spells a line break within a value otherwise
            if stream is not None:
                stream.write(block)
    return Rows(columns, rows, digest.hexdigest())


def copy_in(schema: str, table: str, columns: list[str], path: Path) -> None:
    """Write the rows of a file into a table."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(schema, table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with (
        connection.cursor() as cursor,
        path.open("rb") as stream,
        cursor.cursor.copy(statement) as copy,
    ):
        while chunk := stream.read(CHUNK):
            copy.write(chunk)


def digests_of(schema: str) -> dict[str, Rows]:
    """Return count and digest of every table of a schema as it is now; in a transaction of the caller's."""
    spell_alike()
    keys = keys_of(schema)
    return {
        table: keep(copy_out(schema, table, columns, keys.get(table, [])), columns)
        for table, columns in columns_of(schema).items()
    }
