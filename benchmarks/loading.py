"""Rows into tables with COPY, which is the fastest way in; constraints and triggers see every row."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models
from psycopg import sql


def copy(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows, given in the order of the columns, and move the table's sequence behind them."""
    table = sql.Identifier(model._meta.db_table)
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(table, names)
    with connection.cursor() as cursor:
        with cursor.copy(statement) as stream:
            for row in rows:
                stream.write_row(row)
        if "id" in columns:
            _move_sequence(cursor, model._meta.db_table)


def settle() -> None:
    """Let the database clean up and count, as it would have done by itself by now; no transaction."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _move_sequence(cursor: Any, table: str) -> None:
    name = sql.Identifier(table)
    cursor.execute(
        sql.SQL(
            "SELECT setval(pg_get_serial_sequence({}, 'id'), coalesce(max(id), 1)) FROM {}"
        ).format(sql.Literal(table), name)
    )
