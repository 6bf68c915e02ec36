"""One process that starts the others, starts a crashed one again, and stops them all in order."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from launch import identity
from launch.accounts import Account
from launch.console import Console
from launch.problems import Problem
from launch.programs import failure, signal_group
from launch.roster import Entry, Roster
from launch.switch import StopSwitch

SERVER_STAGE, APPLICATION_STAGE = 1, 2
LOG_LIMIT = 10_000_000  # bytes; a longer log is set aside at the next start
CRASH_LINES = 6
_STEADY_SECONDS = 60.0  # alive this long, a process is forgiven its earlier crashes
_LONGEST_PAUSE = 30.0


@dataclass(frozen=True, slots=True)
class Service:
    """A long-running process: what to run, how to stop it, and in which stage it belongs."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    log: Path
    stage: int = APPLICATION_STAGE
    stop_signal: signal.Signals = signal.SIGTERM
    patience: float = 10.0
    account: Account | None = None
    cwd: Path | None = None
    before: Callable[[], None] | None = None


@dataclass(slots=True)
class _Child:
    service: Service
    process: "subprocess.Popen[bytes]"
    entry: Entry
    since: float
    log_start: int
    crashes: int = 0
    again_at: float | None = None


def pause_after(crashes: int) -> float:
    """Return the seconds to wait before the start that follows so many crashes in a row."""
    return min(2.0 ** (crashes - 1), _LONGEST_PAUSE)


@dataclass(slots=True)
class Supervisor:
    """Keeps services running until they are stopped; every change is written to the roster first."""

    console: Console
    roster: Roster
    switch: StopSwitch
    clock: Callable[[], float] = time.monotonic
    _children: dict[str, _Child] = field(default_factory=dict)

    def start(self, service: Service) -> None:
        """Start a service; raise Problem when its program cannot be run at all."""
        service.log.parent.mkdir(parents=True, exist_ok=True)
        if service.log.exists() and service.log.stat().st_size > LOG_LIMIT:
            os.replace(service.log, service.log.with_suffix(".1.log"))
        self._children[service.name] = self._spawn(service, crashes=0)
        self._record()

    def _spawn(self, service: Service, crashes: int) -> _Child:
        if service.before:
            service.before()
        with service.log.open("ab") as out:
            log_start = out.tell()
            try:
                process = subprocess.Popen(
                    list(service.command),
                    env=dict(service.env),
                    cwd=service.cwd,
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    user=service.account.uid if service.account else None,
                    group=service.account.gid if service.account else None,
                    extra_groups=[] if service.account else None,
                )
            except FileNotFoundError as error:
                raise Problem(
                    f"The program of {service.name} is not there ({service.command[0]}).",
                    "Delete .venv and start again.",
                ) from error
        entry = Entry(
            service.name,
            process.pid,
            identity.start_time(process.pid) or "",
            service.stage,
            int(service.stop_signal),
            service.patience,
        )
        return _Child(service, process, entry, self.clock(), log_start, crashes)

    def _record(self) -> None:
        self.roster.write(child.entry for child in self._children.values())

    def require_alive(self, name: str) -> None:
        """Raise Problem, with what its log says, when the service has stopped by itself."""
        child = self._children[name]
        code = child.process.poll()
        if code is not None:
            raise failure(f"Starting {name}", self._said(child), child.service.log, code)

    def said(self, name: str) -> str:
        """Return what the service wrote to its log since it was started."""
        return self._said(self._children[name])

    def _said(self, child: _Child) -> str:
        with child.service.log.open("rb") as log:
            log.seek(child.log_start)
            return log.read()[-20_000:].decode(errors="replace")

    def tend(self) -> None:
        """Look at every service once: note the crashed, start again those whose pause is over."""
        for child in list(self._children.values()):
            if child.again_at is not None:
                if self.clock() >= child.again_at:
                    self._start_again(child)
            elif (code := child.process.poll()) is not None:
                self._note_crash(child, code)
            elif child.crashes and self.clock() - child.since > _STEADY_SECONDS:
                child.crashes = 0

    def _note_crash(self, child: _Child, code: int) -> None:
        signal_group(child.process.pid, signal.SIGKILL)  # children of the dead would hold its port
        child.crashes += 1
        pause = pause_after(child.crashes)
        child.again_at = self.clock() + pause
        name, log = child.service.name, child.service.log
        if child.crashes == 1:  # the story is told once; the next ones are in the log
            lines = [line for line in self._said(child).splitlines() if line.strip()]
            self.console.trouble(name, "\n".join(lines[-CRASH_LINES:]))
        what = f"stopped by itself ({ending(code)}); it starts again in {pause:.0f} s."
        self.console.trouble(name, f"{what} Log: {os.path.relpath(log)}")

    def _start_again(self, child: _Child) -> None:
        name = child.service.name
        try:
            self._children[name] = self._spawn(child.service, child.crashes)
        except (Problem, OSError) as error:
            child.crashes += 1
            child.again_at = self.clock() + pause_after(child.crashes)
            self.console.trouble(name, f"could not be started again: {error}")
            return
        self._record()
        self.console.trouble(name, "started again.")

    def watch(self) -> None:
        """Tend the services until the switch is pressed."""
        while not self.switch.pressed:
            self.tend()
            self.switch.wait(0.5)

    def stop(self) -> None:
        """Stop all services, applications before the servers they need, and empty the roster."""
        for stage in (APPLICATION_STAGE, SERVER_STAGE):
            children = [c for c in self._children.values() if c.service.stage == stage]
            self._stop_together(children)
        self._children.clear()
        self._record()

    def _stop_together(self, children: list[_Child]) -> None:
        running = [child for child in children if child.process.poll() is None]
        for child in running:
            child.process.send_signal(child.service.stop_signal)
        deadline = self.clock() + max((child.service.patience for child in running), default=0)
        while any(child.process.poll() is None for child in running) and self.clock() < deadline:
            if self.switch.hurry and all(
                child.service.stage == APPLICATION_STAGE for child in running
            ):
                break
            time.sleep(0.05)
        for child in children:
            signal_group(child.process.pid, signal.SIGKILL)
            child.process.wait()


def ending(code: int) -> str:
    """Return how a process ended, in words."""
    if code >= 0:
        return f"exit {code}"
    try:
        return f"killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"killed by signal {-code}"
