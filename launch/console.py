"""Lines on the console: one per step, with its time."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO


class Console:
    """Prints steps; on a terminal the running step is one line that changes."""

    def __init__(self, out: TextIO | None = None) -> None:
        self.out = out or sys.stdout
        self.live = self.out.isatty()
        self._open: str | None = None
        unicode = (self.out.encoding or "").lower().replace("-", "") == "utf8"
        self.done, self.wrong, self.busy = ("✓", "✗", "·") if unicode else ("ok", "!!", "..")

    def say(self, text: str = "") -> None:
        """Print a line, above the running step if there is one."""
        if self.live and self._open:
            self.out.write("\r\x1b[2K")
        self._write(text + "\n")
        if self.live and self._open:
            self._write(self._open)

    def trouble(self, name: str, text: str) -> None:
        """Print lines about a process that is in trouble, prefixed with its name."""
        for line in text.splitlines():
            self.say(f"{name} | {line}")

    @contextmanager
    def step(self, title: str) -> Iterator["Step"]:
        """Print the title, run the body, print how long it took and what it noted."""
        started = time.monotonic()
        step = Step(self, title)
        step.show()
        try:
            yield step
        except BaseException:
            self._close(f"  {self.wrong} {title}")
            raise
        seconds = time.monotonic() - started
        note = f"  ({step.outcome})" if step.outcome else ""
        self._close(f"  {self.done} {title:<28}{seconds:7.1f} s{note}")

    def show(self, line: str) -> None:
        """Show the running step; without a terminal nothing is rewritten, so only a first line is printed."""
        if self.live:
            self._open = line[:118]
            self._write("\r\x1b[2K" + self._open)
        elif self._open is None:
            self._open = line
            self._write(line + "\n")

    def _close(self, line: str) -> None:
        if self.live:
            self.out.write("\r\x1b[2K")
        self._open = None
        self._write(line + "\n")

    def _write(self, text: str) -> None:
        try:
            self.out.write(text)
            self.out.flush()
        except (BrokenPipeError, OSError):  # the terminal went away; the work goes on
            self.live = False


class Step:
    """The step that is running."""

    def __init__(self, console: Console, title: str) -> None:
        self._console = console
        self._title = title
        self.outcome = ""

    def show(self, detail: str = "") -> None:
        """Show what the step is at."""
        tail = f": {detail}" if detail else " ..."
        self._console.show(f"  {self._console.busy} {self._title}{tail}")
