"""A watcher that ends all services when the supervisor dies without stopping them (`kill -9`).

It reads from a pipe that only the supervisor holds: a "q" means that all is stopped in good order,
an end of file without it means that the supervisor is gone.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Self

from launch.roster import Roster

_GOODBYE = b"q"


class Lifeline:
    """The supervisor's end of the pipe; use it as a context around the services' life."""

    def __init__(self, roster: Path, root: Path) -> None:
        self._roster = roster
        self._root = root
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "launch.lifeline", str(self._roster)],
            cwd=self._root,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        return self

    def __exit__(self, *exception: object) -> None:
        if self._process and self._process.stdin:
            try:
                self._process.stdin.write(_GOODBYE)
                self._process.stdin.close()
            except OSError:  # the watcher itself was killed; there is nothing left to tell
                pass
            self._process.wait()


def main(roster: str) -> int:
    """Wait for the end of the pipe, and end what is listed unless it came with a goodbye."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    while chunk := os.read(sys.stdin.fileno(), 1):
        if chunk == _GOODBYE:
            return 0
    Roster(Path(roster)).end_leftovers()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
