"""`make run`: from a bare checkout to a portal one can sign in to."""

import os
import time

from launch import environment, pango, portal, ports
from launch.panel import panel
from launch.session import Running, Session


def run(session: Session, port_text: str) -> int:
    """Set everything up, start it, print the panel, and keep it running until it is stopped.

    Raises Problem for what a person must see to, Stopped when the switch is pressed on the way up.
    """
    started = time.monotonic()
    host = session.environ.get("PRM_BIND") or ports.LOOPBACK
    port = ports.parse_port(port_text)
    if not session.checkout.python.exists():
        session.console.say("First start: this takes a minute or two. Later starts take seconds.")
    with session.holding("run") as area:
        ports.require_free(port, host)
        interpreter = session.packages("local.lock")
        with session.servers(area, interpreter, durable=True, port=port) as running:
            _serve(session, running, host, port, started)
            session.console.say("\nStopping ...")
    session.console.say("Stopped. Data is kept in .local.")
    return 0


def _serve(session: Session, running: Running, host: str, port: int, started: float) -> None:
    area = running.area
    env = environment.for_portal(session.checkout, area, session.environ, running.endpoints, port)
    _set_up(session, running, env)
    ports.require_free(port, host)
    _start(session, running, env, host, port)
    session.console.say(panel(port, demo=env["PRM_DEMO"] == "1", log_folder=_short(area.log)))
    if not pango.works(session.checkout.python, env):
        session.console.say(f"  {pango.FACT} {pango.WAY_OUT}")
    session.console.say(f"  Up after {time.monotonic() - started:.1f} s.")
    running.supervisor.watch()


def _set_up(session: Session, running: Running, env: dict[str, str]) -> None:
    steps = portal.SetUp(session.checkout, running.area, env, session.console, session.switch)
    steps.translations()
    steps.database(demo=env["PRM_DEMO"] == "1")
    steps.static_files()


def _start(session: Session, running: Running, env: dict[str, str], host: str, port: int) -> None:
    """Start the web process alone until it is ready: newcomers wait for pages, not for the worker."""
    web, *others = portal.services(session.checkout, running.area, env, host, port)
    with session.console.step("Web, worker and beat"):
        running.supervisor.start(web)
        portal.wait_until_ready(running.supervisor, running.area, host, port)
        for service in others:
            running.supervisor.start(service)


def _short(folder: "os.PathLike[str]") -> str:
    return os.path.relpath(folder)
