"""One launch from lock to clean end: environment, servers, and whatever is to run on them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from launch import machine
from launch.console import Console
from launch.instance import Endpoints, Instance
from launch.lifeline import Lifeline
from launch.paths import Area, Checkout
from launch.roster import Roster
from launch.servers import Servers
from launch.supervisor import Supervisor
from launch.switch import StopSwitch
from launch.virtualenv import Interpreter, VirtualEnv


@dataclass(frozen=True, slots=True)
class Session:
    """What every command of the launch kit works with."""

    checkout: Checkout
    environ: Mapping[str, str]
    console: Console
    switch: StopSwitch

    def packages(self, lock: str) -> Interpreter:
        """Bring .venv to the lock; return its interpreter."""
        machine.require_writable(self.checkout)
        machine.require_room(self.checkout)
        machine.clear_trash(self.checkout)
        self.checkout.local.mkdir(mode=0o755, exist_ok=True)
        with self.console.step("Python packages") as step:
            environment = VirtualEnv(
                self.checkout,
                self.environ,
                self.checkout.local / "log" / "packages.log",
                self.switch,
                step.show,
            )
            interpreter, changed = environment.ensure(lock)
            step.outcome = "" if changed else "as locked"
        return interpreter

    @contextmanager
    def servers(
        self, area: Area, interpreter: Interpreter, *, durable: bool
    ) -> Iterator["Running"]:
        """Hold the area, end what a killed launch left there, bring servers up, and stop everything at the end."""
        roster_file = area.state / "processes.json"
        with Instance(area).held():
            roster = Roster(roster_file)
            if ended := roster.end_leftovers():
                self.console.say(f"  Ended what an earlier start left running: {', '.join(ended)}.")
            supervisor = Supervisor(self.console, roster, self.switch)
            with Lifeline(roster_file, self.checkout.root):
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
                    yield Running(area, supervisor, servers.bring_up())
                finally:
                    supervisor.stop()


@dataclass(frozen=True, slots=True)
class Running:
    """An area whose servers are up."""

    area: Area
    supervisor: Supervisor
    endpoints: Endpoints
