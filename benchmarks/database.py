"""Databases of the benchmarks: one template per size, code and week; a fresh copy for each benchmark."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection, connections, transaction
from psycopg import sql

from benchmarks import generator, loading
from companies import matching
from prm import clock
from prm.tenancy import context
from tenants import schemas
from tenants.services import NewTenant, create_tenant

ROOT = Path(__file__).resolve().parents[1]
TENANT = "acme"
PREFIX = "bench_prm"
_MAKERS = ("generator.py", "deals.py", "writing.py", "ledger.py", "names.py", "database.py")


@contextmanager
def copy_of(
    size: int, say: generator.Say, shape: generator.Shape = generator.USUAL
) -> Iterator[str]:
    """Make a copy of the template of a size, point this process at it, drop it afterwards."""
    name, before = f"{PREFIX}_work", settings.DATABASES["default"]["NAME"]
    source = template(size, say, shape)
    drop(name)
    with server_connection() as server:
        server.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(source)
            )
        )
    use(name)
    try:
        yield name
    finally:
        use(before)
        drop(name)


def template(size: int, say: generator.Say, shape: generator.Shape = generator.USUAL) -> str:
    """Return the name of a filled database, making it first if code or week have changed."""
    kind = f"{size}{shape.code}"
    name = f"{PREFIX}_{kind}_{_digest()}"
    with server_connection() as server:
        found = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
    if not found:
        _forget_older(kind)
        building = f"{PREFIX}_{kind}_building"
        drop(building)
        with server_connection() as server:
            server.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(building))
            )
        _build(building, size, say, shape)
        with server_connection() as server:
            server.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                    sql.Identifier(building), sql.Identifier(name)
                )
            )
    return name


def use(name: str) -> None:
    """Point Django's connection at a database."""
    connection.close()
    settings.DATABASES["default"]["NAME"] = name
    connections.databases["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name


def drop(name: str) -> None:
    """Drop a database, whoever is still connected."""
    with server_connection() as server:
        server.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )


def _build(name: str, size: int, say: generator.Say, shape: generator.Shape) -> None:
    before = settings.DATABASES["default"]["NAME"]
    use(name)
    try:
        schemas.migrate("public")
        create_tenant(NewTenant(TENANT, "Acme Software", f"{TENANT}.localhost", country="US"))
        with context.entered(TENANT):
            with transaction.atomic():
                generator.fill(size, clock.now(), say, shape)
            loading.settle()
    finally:
        use(before)


def _digest() -> str:
    """Name what the data depends on: migrations, the code that makes it, the week it is told from."""
    files = sorted(ROOT.glob("*/migrations/*.py")) + sorted(ROOT.glob("*/*/migrations/*.py"))
    files = [file for file in files if not re.search(r"/\.(venv|local)/", str(file))]
    files += [ROOT / "benchmarks" / name for name in _MAKERS]
    digest = hashlib.sha256(f"{generator.week(_now())} {matching.NORM_VERSION}".encode())
    for file in files:
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:10]


def _now() -> Any:
    with server_connection() as server:
        row = server.execute("SELECT now()").fetchone()
    assert row
    return row[0]


def _forget_older(kind: str) -> None:
    with server_connection() as server:
        rows = server.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{PREFIX}\\_{kind}\\_%"]
        ).fetchall()
    for (name,) in rows:
        drop(name)


@contextmanager
def server_connection() -> Iterator[psycopg.Connection[Any]]:
    """A connection to the maintenance database, outside any transaction."""
    entry = settings.DATABASES["default"]
    known = {"user": entry["USER"], "password": entry["PASSWORD"], "host": entry["HOST"]}
    known |= {"port": entry["PORT"], "dbname": "postgres"}
    with psycopg.connect(autocommit=True, **{k: v for k, v in known.items() if v}) as server:
        yield server
