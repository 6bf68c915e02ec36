"""One launch from lock to clean end: environment, servers, and whatever is to run on them."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from launch import machine
from launch.console import Console
from launch.instance import Endpoints, Instance, Owner, alone
from launch.lifeline import Lifeline
from launch.paths import Area, Checkout
from launch.roster import Roster
from launch.servers import Servers
from launch.supervisor import Supervisor
from launch.switch import StopSwitch
from launch.virtualenv import Interpreter, VirtualEnv


@dataclass(frozen=True, slots=True)
class Running:
    """An area whose servers are up."""

    area: Area
    supervisor: Supervisor
    endpoints: Endpoints


@dataclass(frozen=True, slots=True)
class Session:
    """What every command of the launch kit works with."""

    checkout: Checkout
    environ: Mapping[str, str]
    console: Console
    switch: StopSwitch

    @contextmanager
    def holding(self, name: str) -> Iterator[Area]:
        """Hold an area alone, and end what a killed launch left running in it.

        Raises Problem when another launch holds it, or this account cannot write there.
        """
        area = self.checkout.area(name)
        machine.require_writable(self.checkout)
        machine.clear_trash(self.checkout)
        self.checkout.local.mkdir(mode=0o700, exist_ok=True)
        with Instance(area).held():
            if ended := self._roster(area).end_leftovers():
                self.console.say(f"  Ended what an earlier start left running: {', '.join(ended)}.")
            yield area

    def packages(self, lock: str) -> Interpreter:
        """Bring .venv to the lock; return its interpreter."""
        machine.require_writable(self.checkout)
        machine.require_room(self.checkout)
        busy = self.checkout.local / "run" / "packages.lock"
        log = self.checkout.local / "log" / "packages.log"
        with (
            self.console.step("Python packages") as step,
            alone(busy, self.switch, step.show),
        ):
            environment = VirtualEnv(self.checkout, self.environ, log, self.switch, step.show)
            interpreter, changed = environment.ensure(lock)
            step.outcome = "" if changed else "as locked"
        return interpreter

    @contextmanager
    def servers(
        self, area: Area, interpreter: Interpreter, *, durable: bool, port: int | None = None
    ) -> Iterator[Running]:
        """Bring the servers of a held area up; stop them, and all that ran on them, at the end."""
        roster = self._roster(area)
        supervisor = Supervisor(self.console, roster, self.switch)
        with Lifeline(roster.file, self.checkout.root):
            try:
                servers = Servers(
                    area,
                    self.checkout.python,
                    interpreter,
                    self.environ,
                    supervisor,
                    self.console,
                    durable,
                )
                endpoints = servers.bring_up()
                Instance(area).note(Owner(os.getpid(), port, endpoints))
                yield Running(area, supervisor, endpoints)
            finally:
                supervisor.stop()

    def _roster(self, area: Area) -> Roster:
        return Roster(area.state / "processes.json")
