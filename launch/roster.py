"""The list of running processes on disk, so that what a killed launch left behind can be found and ended."""

import json
import os
import signal
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from launch import identity
from launch.programs import signal_group


@dataclass(frozen=True, slots=True)
class Entry:
    """One process this checkout started: who it is and how it wants to be asked to stop."""

    name: str
    pid: int
    started: str
    stage: int
    stop_signal: int
    patience: float

    @property
    def alive(self) -> bool:
        return identity.is_same(self.pid, self.started)


class Roster:
    """The file with the entries; written whole and moved into place."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def write(self, entries: Iterable[Entry]) -> None:
        """Replace the list."""
        new = self.file.with_suffix(".new")
        new.write_text(json.dumps([asdict(entry) for entry in entries]))
        os.replace(new, self.file)

    def read(self) -> list[Entry]:
        """Return the list; an unreadable one is an empty one."""
        try:
            return [Entry(**row) for row in json.loads(self.file.read_text())]
        except (OSError, ValueError, TypeError):
            return []

    def end_leftovers(self) -> list[str]:
        """End every listed process that still lives, later stages first; return their names."""
        alive = [entry for entry in self.read() if entry.alive]
        for stage in sorted({entry.stage for entry in alive}, reverse=True):
            end_together([entry for entry in alive if entry.stage == stage])
        return [entry.name for entry in alive]


def end_together(entries: list[Entry]) -> None:
    """Ask all of them to stop, wait as long as each wants, then end what is left."""
    for entry in entries:
        _send(entry.pid, signal.Signals(entry.stop_signal))
    deadline = time.monotonic() + max((entry.patience for entry in entries), default=0)
    while time.monotonic() < deadline and any(entry.alive for entry in entries):
        time.sleep(0.05)
    for entry in entries:
        signal_group(entry.pid, signal.SIGKILL)


def _send(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)
