"""The web server as `make run` starts it, on a benchmark's database, without the demo."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.conf import settings
from django.db import connection

from benchmarks import processes
from benchmarks.database import ROOT
from launch import portal
from launch.paths import Checkout

START_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Server:
    """A running web server: its port, its workers, and the database processes that serve them."""

    port: int
    pid: int
    database: str

    @property
    def workers(self) -> list[int]:
        """The worker processes that answer requests."""
        return list(processes.children(self.pid))

    @property
    def backends(self) -> list[int]:
        """The database's processes for this server, if they run on this machine."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
                " AND backend_type = 'client backend'",
                [self.database],
            )
            found = [row[0] for row in cursor.fetchall()]
        return [pid for pid in found if processes.name(pid).startswith("postgres")]


@contextmanager
def running(database: str) -> Iterator[Server]:
    """Start the web server on a database and wait until it answers; stop it afterwards."""
    port = _free_port()
    env = dict(os.environ) | {
        "DATABASE_URL": _url(database),
        "DJANGO_SETTINGS_MODULE": "prm.settings.dev",
        "PRM_DEMO": "0",
        "PRM_SECRET_KEY": settings.SECRET_KEY,
        "PORT": str(port),
    }
    checkout = Checkout(ROOT)
    web = portal.services(checkout, checkout.area("bench"), env, "127.0.0.1", port)[0]
    process = subprocess.Popen(list(web.command), env=env, cwd=ROOT, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, start_new_session=True)  # fmt: skip
    try:
        _wait(process, port)
        yield Server(port, process.pid, database)
    finally:
        process.terminate()
        process.wait(20)


def _wait(process: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while portal.ask("/livez", "127.0.0.1", port)[0] != 200:
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("The web server did not start.")
        time.sleep(0.1)


def _url(database: str) -> str:
    """Return the address of another database on the same server."""
    given = os.environ.get("DATABASE_URL", "postgresql://prm:prm@127.0.0.1:5432/prm")
    return urlunsplit(urlsplit(given)._replace(path=f"/{database}"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def database_version() -> str:
    """Return the database server's version."""
    connection.ensure_connection()
    raw: psycopg.Connection[object] = connection.connection
    number = raw.info.server_version
    return f"{number // 10000}.{number % 10000}"
