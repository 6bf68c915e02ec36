"""The test database: a template with public, three tenants and the cast, copied per worker.

The template is keyed by a hash of the migrations and of the cast, so it is made once and reused.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection, connections
from psycopg import sql

ROOT = Path(__file__).resolve().parents[1]


def _digest() -> str:
    files = sorted(ROOT.glob("*/migrations/*.py")) + sorted(ROOT.glob("*/*/migrations/*.py"))
    files = [f for f in files if ".venv" not in f.parts and ".local" not in f.parts]
    digest = hashlib.sha256(",".join(settings.INSTALLED_APPS).encode())
    for file in [*files, Path(__file__).parent / "world.py", Path(__file__)]:
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:12]


@contextmanager
def _server() -> Iterator[psycopg.Connection[Any]]:
    """A connection to the maintenance database, outside any transaction."""
    entry = settings.DATABASES["default"]
    known = {"user": entry["USER"], "password": entry["PASSWORD"], "host": entry["HOST"]}
    known |= {"port": entry["PORT"], "dbname": "postgres"}
    with psycopg.connect(autocommit=True, **{k: v for k, v in known.items() if v}) as server:
        yield server


def use(name: str) -> None:
    """Point Django's connection at a database."""
    connection.close()
    settings.DATABASES["default"]["NAME"] = name
    connections.databases["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name


def drop(name: str) -> None:
    """Drop a database, whoever is still connected."""
    with _server() as server:
        server.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )


def copy(name: str) -> None:
    """Make a database as a copy of the template, replacing what was there."""
    source = template()
    drop(name)
    with _server() as server:
        server.execute("SELECT pg_advisory_lock(7070)")  # one copy of a template at a time
        server.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(source)
            )
        )


def worker_name() -> str:
    """The database of this pytest process."""
    parts = ["test_prm", os.environ.get("PRM_TEST_DB_SUFFIX", "")]
    return "_".join(filter(None, [*parts, os.environ.get("PYTEST_XDIST_WORKER", "")]))


def template() -> str:
    """Return the template's name, building it first if the migrations or the cast have changed."""
    name = f"prm_template_{_digest()}"
    with _server() as server:
        server.execute("SELECT pg_advisory_lock(7071)")  # one builder at a time
        found = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if not found:
            building = f"{name}_building_{os.getpid()}"
            drop(building)
            server.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(building))
            )
            _build(building)
            server.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                    sql.Identifier(building), sql.Identifier(name)
                )
            )
    return name


def _build(name: str) -> None:
    from tests import world

    before = settings.DATABASES["default"]["NAME"]
    use(name)
    try:
        world.build()
    finally:
        connection.close()
        use(before)
