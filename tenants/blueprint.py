"""How a schema is made without asking every migration again: its statements, written down once.

The first portal after a release is made by migrations, and what they tell the database is recorded;
every further one hears the same statements in the same order in one transaction. So names of
constraints, indexes and triggers are those that migrations give, which no copying of schemas promises.
The record is keyed by the migrations' own text and falls out of use when any of it changes.
"""

import hashlib
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.db import transaction
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from prm.tenancy.database import connection
from tenants.models import Blueprint

_READS = ("SELECT", "SHOW", "SET SEARCH_PATH", "SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")


@cache
def digest() -> str:
    """Return the digest of every migration's source in this release."""
    migrations = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    found = hashlib.sha256()
    for (app, name), migration in sorted(migrations.items()):
        source = inspect.getsource(inspect.getmodule(type(migration)))  # type: ignore[arg-type]
        found.update(f"{app}.{name}\x00{source}\x00".encode())
    return found.hexdigest()


def known() -> list[str] | None:
    """Return the statements that make a schema of this release, or None if nobody recorded them yet."""
    found = Blueprint.objects.filter(digest=digest()).first()
    return list(found.statements) if found else None


def replay(schema: str, statements: list[str]) -> None:
    """Tell the statements to one new schema, all or nothing; what is in it already is lost.

    Constraints are checked at once, or a table with a row to check could not be altered further.
    """
    connection.set_schema_to_public()
    with transaction.atomic(), connection.cursor() as cursor:
        name = sql.Identifier(schema)
        cursor.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(name))
        cursor.execute(sql.SQL("CREATE SCHEMA {}").format(name))
        cursor.execute(sql.SQL("SET LOCAL search_path = {}, public").format(name))
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(";\n".join(statements))
    connection.set_schema_to_public()


@contextmanager
def recording() -> Iterator[None]:
    """Keep what the block tells the database as this release's blueprint, unless the block fails."""
    statements: list[str] = []

    def note(
        execute: Callable[..., Any], statement: str, params: Any, many: bool, context: Any
    ) -> Any:
        told = statement.lstrip().upper()
        if not told.startswith(_READS):
            cursor = context["cursor"].cursor
            each = params if many else [params]
            statements.extend(cursor.mogrify(statement, one).rstrip("; \n") for one in each)
        return execute(statement, params, many, context)

    with connection.execute_wrapper(note):
        yield
    with transaction.atomic():
        Blueprint.objects.exclude(digest=digest()).delete()
        Blueprint.objects.get_or_create(digest=digest(), defaults={"statements": statements})
