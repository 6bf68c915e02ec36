"""A load client: threads with one kept-alive connection each, signed in by a session made in the tenant."""

import http.client
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from prm.tenancy import context
from users.models import User

HEADERS = {"Accept": "text/html", "Accept-Encoding": "gzip", "Accept-Language": "en"}


@dataclass(slots=True)
class Load:
    """What a round of load brought: a latency per request, in seconds, and how long all took."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    errors: int = 0
    bytes: int = 0

    @property
    def rate(self) -> float:
        """Answered requests a second."""
        return len(self.latencies) / self.seconds if self.seconds else 0.0


def sign_in(schema: str, email: str) -> str:
    """Return the cookie header of somebody who is signed in to a tenant."""
    with context.entered(schema):
        user = User.objects.get(email=email)
        session: Any = import_module(settings.SESSION_ENGINE).SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


@dataclass(frozen=True, slots=True)
class Browser:
    """Gets pages of one host from one server, as one signed-in person."""

    port: int
    host: str
    cookie: str

    def get(self, path: str) -> tuple[int, bytes]:
        """Return status and body of one page, on a connection of its own."""
        connection = self._connect()
        try:
            return self._ask(connection, path)
        finally:
            connection.close()

    def in_turn(self, paths: Sequence[str], count: int) -> Load:
        """Get pages one after another on one connection."""
        return self.at_once(paths, clients=1, each=count)

    def at_once(self, paths: Sequence[str], *, clients: int, each: int) -> Load:
        """Get pages with some clients at the same time, each its own number of them."""
        load, lock = Load(), threading.Lock()
        gate = threading.Barrier(clients + 1)

        def work(first: int) -> None:
            connection, mine = self._connect(), Load()
            self._ask(connection, paths[first % len(paths)])
            gate.wait()
            for number in range(first, first + each):
                _timed(mine, partial(self._ask, connection, paths[number % len(paths)]))
            connection.close()
            with lock:
                load.latencies += mine.latencies
                load.errors += mine.errors
                load.bytes += mine.bytes

        threads = [threading.Thread(target=work, args=(n,)) for n in range(clients)]
        for thread in threads:
            thread.start()
        gate.wait()
        started = time.perf_counter()
        for thread in threads:
            thread.join()
        load.seconds = time.perf_counter() - started
        return load

    def _connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def _ask(self, connection: http.client.HTTPConnection, path: str) -> tuple[int, bytes]:
        headers = {**HEADERS, "Host": f"{self.host}:{self.port}", "Cookie": self.cookie}
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read()


def _timed(load: Load, ask: Callable[[], tuple[int, bytes]]) -> None:
    started = time.perf_counter()
    try:
        status, body = ask()
    except (OSError, http.client.HTTPException):
        load.errors += 1
        return
    load.latencies.append(time.perf_counter() - started)
    load.bytes += len(body)
    load.errors += status != 200
