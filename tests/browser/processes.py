"""The portal as it really runs: web and worker in processes of their own, the demo's doors open.

Both use the module's own database, a folder of their own for files and mails, and a broker database
of their own, so nothing else hears of their jobs.
"""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from tests.browser.portal import Portal

ROOT = Path(__file__).resolve().parents[2]
BROKER = 11
"""Which of Redis' databases the jobs of these processes go through."""


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def elsewhere(url: str, name: str | int) -> str:
    """Return a server's address with another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def environment(database: str, folder: Path, port: int) -> dict[str, str]:
    """Return what the processes run in."""
    postgres = os.environ.get("DATABASE_URL", "postgresql://prm:prm@127.0.0.1:5432/prm")
    redis = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0")
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "prm.settings.test",
        "DATABASE_URL": elsewhere(postgres, database),
        "REDIS_URL": elsewhere(redis, BROKER),
        "PRM_LOCAL_DIR": str(folder),
        "PRM_DEMO": "1",
        "PORT": str(port),
    }


@contextmanager
def running(database: str, folder: Path) -> Iterator[Portal]:
    """Run web and worker until the block ends; raise if they do not come up within a minute."""
    port = free_port()
    env = environment(database, folder, port)
    web = ["-m", "granian", "--interface", "wsgi", "--port", str(port), "--blocking-threads", "1"]
    worker = [
        "-m",
        "celery",
        "--app",
        "prm.celery:app",
        "--skip-checks",
        "worker",
        "--pool",
        "solo",
    ]
    quiet = ["--loglevel", "WARNING", "--without-gossip", "--without-mingle"]
    with ExitStack() as stack:
        stack.enter_context(
            _process([*web, "--no-ws", "prm.wsgi:application"], env, folder / "web")
        )
        stack.enter_context(_process([*worker, *quiet], env, folder / "worker"))
        _wait(port, folder / "web")
        yield Portal(port)


@contextmanager
def _process(words: list[str], env: dict[str, str], log: Path) -> Iterator[None]:
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, *words], cwd=ROOT, env=env, stdout=out, stderr=out
        )
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(port: int, log: Path) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/livez", timeout=5):
                return
        except OSError:
            if time.monotonic() > until:
                raise AssertionError(log.read_text(errors="replace")) from None
            time.sleep(0.2)
