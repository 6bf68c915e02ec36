"""A scratch database with one tenant, filled with names in bulk.

Rows are those that the services write: the same columns from the same functions, only copied
(a test compares). Indexes are made after the rows, which is several times faster.
"""

import hashlib
import multiprocessing
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from psycopg import sql

from benchmarks import database, loading
from companies import matching, tasks
from companies.enums import Designation, NameSource, Standing
from companies.models import Company, CompanyName, CompanyWord
from prm import clock
from prm.tenancy import context
from tenants import schemas
from tenants.services import NewTenant, create_tenant

PREFIX = f"{database.PREFIX}_match"
_ROOT = Path(__file__).resolve().parents[2]
_CHUNK = 4000
_HEAVY = ("companies_companyname", "companies_company", "companies_companyword")
_COMPANY = (
    "id", "created_at", "updated_at", "uid", "name", "sort_key", "country", "designation", "standing",
)  # fmt: skip
_NAME = (
    "id", "created_at", "company_id", "raw", "source", "form", "core", "compact", "tokens", "keys",
    "norm_version", "active",
)  # fmt: skip

Say = Callable[[str], None]
Folded = tuple[str, str, list[dict[str, Any]]]


@contextmanager
def tenant(schema: str, names: Sequence[str], *, keep: bool, say: Say) -> Iterator[float | None]:
    """Enter a scratch tenant that holds the names; yields the seconds of loading, None if reused.

    With `keep` the database stays and is taken again by the next run over the same names and code.
    """
    before = settings.DATABASES["default"]["NAME"]
    name = f"{PREFIX}_{_digest(schema, names)}"
    seconds = None
    try:
        if not _exists(name):
            _drop_others()
            seconds = _make(name, schema, names, say)
        database.use(name)
        with context.entered(schema):
            yield seconds
    finally:
        database.use(before)
        if not keep:
            database.drop(name)


def _make(name: str, schema: str, names: Sequence[str], say: Say) -> float:
    building = f"{name}_new"
    database.drop(building)
    with database.server_connection() as admin:
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(building))
        )
    database.use(building)
    say("making the scratch tenant")
    schemas.migrate("public")
    create_tenant(NewTenant(schema, "Match bench", "match-bench.localhost"))
    started = time.perf_counter()
    with context.entered(schema):
        fill(names, say)
        loading.settle()
    seconds = time.perf_counter() - started
    connection.close()
    with database.server_connection() as admin:
        admin.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                sql.Identifier(building), sql.Identifier(name)
            )
        )
    return seconds


def fill(names: Sequence[str], say: Say = lambda text: None) -> int:
    """Copy companies, one for each name, with their comparable names and words; count the keys.

    Names without a word or digit are left out. Returns how many companies there are now.
    """
    definitions = _take_indexes()
    folded = list(_fold(names))
    say(f"{len(folded)} names are folded")
    now = clock.now()
    loading.copy(Company, _COMPANY, _companies(folded, now))
    loading.copy(CompanyName, _NAME, _names(folded, now))
    words = {token for _, _, rows in folded for row in rows for token in row["tokens"]}
    loading.copy(CompanyWord, ("key", "word", "deletions"), matching.word_rows(sorted(words)))
    say("rows are in")
    for definition in definitions:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET maintenance_work_mem = '512MB'")
            cursor.execute(definition)
    say("indexes are made")
    tasks.recount_keys()
    return len(folded)


def _fold(names: Sequence[str]) -> Iterator[Folded]:
    chunks = [names[at : at + _CHUNK] for at in range(0, len(names), _CHUNK)]
    if len(chunks) < 4:
        for chunk in chunks:
            yield from fold_chunk(chunk)
        return
    connection.close()  # a child must not share it
    with multiprocessing.get_context("fork").Pool() as pool:
        for part in pool.imap(fold_chunk, chunks):
            yield from part


def fold_chunk(names: Iterable[str]) -> list[Folded]:
    """Cleaned name, sort key and comparable forms of each name that has any."""
    found = []
    for raw in names:
        name = matching.clean(raw)[:200]
        rows = matching.name_row(name)
        if rows:
            found.append((name, matching.sort_key(name), rows))
    return found


def _companies(folded: Iterable[Folded], now: Any) -> Iterator[Sequence[Any]]:
    for at, (name, sort_key, _) in enumerate(folded, 1):
        yield (at, now, now, uuid.uuid4(), name, sort_key, "", Designation.OPEN.value,
               Standing.CONFIRMED.value)  # fmt: skip


def _names(folded: Iterable[Folded], now: Any) -> Iterator[Sequence[Any]]:
    at = 0
    for company, (name, _, rows) in enumerate(folded, 1):
        for row in rows:
            at += 1
            yield (at, now, company, name, NameSource.IMPORT.value, row["form"], row["core"],
                   row["compact"], row["tokens"], row["keys"], matching.NORM_VERSION, True)  # fmt: skip


def _take_indexes() -> list[str]:
    """Drop the plain indexes of the large tables; returns the statements that make them again."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            """
            SELECT indexdef, format('DROP INDEX %%I.%%I', schemaname, indexname) FROM pg_indexes
            WHERE schemaname = current_schema() AND tablename = ANY(%s) AND indexdef NOT LIKE %s
            """,
            [list(_HEAVY), "CREATE UNIQUE%"],
        )
        rows = cursor.fetchall()
        for _, drop in rows:
            cursor.execute(drop)
    return [definition for definition, _ in rows]


def _digest(schema: str, names: Sequence[str]) -> str:
    """Name what the rows depend on: the names, the code that makes keys of them, the tables."""
    digest = hashlib.sha256(schema.encode())
    for name in names:
        digest.update(name.encode() + b"\n")
    files = sorted((_ROOT / "companies" / "migrations").glob("*.py"))
    files += [
        _ROOT / "companies" / "matching" / f"{part}.py"
        for part in ("words", "legal", "normalise", "keys", "vocabulary")
    ]
    files.append(_ROOT / "companies" / "matching" / "data" / "aliases.csv")
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def _exists(name: str) -> bool:
    with database.server_connection() as admin:
        found = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return found.fetchone() is not None


def _drop_others() -> None:
    """Room for a new one: at most two kept databases stay beside it."""
    with database.server_connection() as admin:
        rows = admin.execute(
            "SELECT datname FROM pg_database WHERE datname ~ %s ORDER BY oid DESC OFFSET 3",
            [f"^{PREFIX}_[0-9a-f]+$"],
        ).fetchall()
    for (name,) in rows:
        database.drop(name)
