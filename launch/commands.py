"""The commands behind the make targets."""

import argparse
import os
import shutil
import signal
import sys
import uuid
from collections.abc import Callable

from launch import bench, checks, run, suite, tools
from launch.console import Console
from launch.instance import Instance
from launch.paths import AREAS, Checkout, here
from launch.problems import Problem, Stopped, from_os_error
from launch.session import Session
from launch.switch import StopSwitch


def main(words: list[str]) -> int:
    """Run one command; return the exit code. Problems are told in words, on standard error."""
    options = parse(words)
    os.umask(0o022)
    switch = StopSwitch(follow_parent="MAKELEVEL" in os.environ)
    switch.install()
    session = Session(here(), dict(os.environ), Console(), switch)
    os.chdir(session.checkout.root)
    try:
        return COMMANDS[options.command](session, options)
    except Problem as problem:
        return _tell(problem)
    except Stopped:
        print("Stopped.", file=sys.stderr)
        return 128 + signal.SIGINT
    except OSError as error:
        if problem_of := from_os_error(error):
            return _tell(problem_of)
        raise


def _tell(problem: Problem) -> int:
    print(f"\n{problem.what}\n{problem.way_out}", file=sys.stderr)
    return 1


def reset(session: Session, options: argparse.Namespace) -> int:
    """Delete what the portal keeps under .local; refuse while something of it is running."""
    require_stopped(session.checkout)
    folder = session.checkout.local
    if folder.exists():
        trash = session.checkout.root / f".local-trash-{uuid.uuid4().hex[:8]}"
        folder.rename(trash)  # all or nothing: an interrupted deletion leaves no half database
        shutil.rmtree(trash)
    print("The portal's data is deleted; the next `make run` starts from nothing.")
    return 0


def require_stopped(checkout: Checkout) -> None:
    """Raise Problem while any area of the checkout is held."""
    for name in AREAS:
        instance = Instance(checkout.area(name))
        if instance.running:
            owner = instance.owner()
            who = f" (process {owner.pid})" if owner else ""
            raise Problem(
                f"`make {name}` is running in this checkout{who}.",
                "Stop it first, with Ctrl-C there.",
            )


Command = Callable[[Session, argparse.Namespace], int]
COMMANDS: dict[str, Command] = {
    "run": lambda session, options: run.run(session, options.port),
    "reset": reset,
    "test": lambda session, options: suite.test(session, options.words),
    "check": lambda session, options: checks.check(session),
    "bench": lambda session, options: bench.bench(session, options.words),
    "seed": lambda session, options: tools.seed(session),
    "manage": lambda session, options: tools.manage(session, options.words),
    "apart": lambda session, options: tools.apart(session, options.words),
    "lock": lambda session, options: tools.lock(session, options.words),
    "messages": lambda session, options: tools.messages(session),
    "venv": lambda session, options: tools.packages(session),
}


def parse(words: list[str]) -> argparse.Namespace:
    """Return the command and its options; what follows test, bench, manage, apart or lock is theirs, dashes and all."""
    if words and words[0] in {"test", "bench", "manage", "apart", "lock"}:
        return argparse.Namespace(command=words[0], words=words[1:])
    parser = argparse.ArgumentParser(prog="python3 -m launch", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in COMMANDS:
        command = commands.add_parser(name)
        if name == "run":
            command.add_argument("--port", default=os.environ.get("PORT") or "8000")
    return parser.parse_args(words)
