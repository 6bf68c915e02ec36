"""One launch per area: a lock that the operating system drops by itself, and what runs behind it."""

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from launch.paths import Area
from launch.problems import Problem
from launch.switch import StopSwitch


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where the database and the queue server answer."""

    database_url: str
    redis_url: str


@dataclass(frozen=True, slots=True)
class Owner:
    """Who holds an area: the process, and the web port where it serves one."""

    pid: int
    port: int | None = None
    endpoints: Endpoints | None = None


class Instance:
    """The lock of one area. The file may stay behind; only a living holder locks it."""

    def __init__(self, area: Area) -> None:
        self._area = area
        self._lock = area.state / "lock"
        self._facts = area.state / "owner.json"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the area; raise Problem when another launch holds it."""
        self._area.state.mkdir(parents=True, exist_ok=True)
        with self._lock.open("a") as file:
            if not _try_lock(file):
                raise self._taken()
            self.note(Owner(os.getpid()))
            try:
                yield
            finally:
                self._facts.unlink(missing_ok=True)

    def note(self, owner: Owner) -> None:
        """Write down who holds the area, readable by this account alone: the addresses hold a password."""
        new = self._facts.with_suffix(".new")
        write_private(new, json.dumps(asdict(owner)))
        os.replace(new, self._facts)

    @property
    def running(self) -> bool:
        """Say whether a living launch holds the area."""
        try:
            with self._lock.open("a") as file:
                return not _try_lock(file)
        except FileNotFoundError:
            return False

    def owner(self) -> Owner | None:
        """Return who holds the area, as far as it is written down."""
        try:
            facts = json.loads(self._facts.read_text())
            ends = facts["endpoints"]
            return Owner(facts["pid"], facts["port"], Endpoints(**ends) if ends else None)
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _taken(self) -> Problem:
        owner = self.owner()
        who = f" (process {owner.pid})" if owner else ""
        if self._area.name == "run":
            where = f" at http://acme.localhost:{owner.port}" if owner and owner.port else ""
            return Problem(
                f"The portal of this checkout is running already{where}{who}.",
                "Stop it there with Ctrl-C, or use a second checkout with another PORT.",
            )
        return Problem(
            f"`make {self._area.name}` is running already in this checkout{who}.",
            "Wait for it to end.",
        )


@contextmanager
def alone(file: Path, switch: StopSwitch, show: Callable[[str], None]) -> Iterator[None]:
    """Wait until no other launch of the checkout is in here, then keep the others out."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a") as lock:
        while not _try_lock(lock):
            show("waiting for another start of this checkout")
            switch.pause(0.2)
        yield


def _try_lock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def write_private(file: Path, text: str) -> None:
    """Write a file that only this account can read."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as out:
        out.write(text)
