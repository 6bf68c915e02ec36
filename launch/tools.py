"""Smaller targets: a management command on the portal's own data, and the lock files."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from launch import environment, lockfiles, ports
from launch.instance import Endpoints, Instance
from launch.problems import Problem
from launch.programs import run_at_the_keyboard, run_shown, run_to_end
from launch.session import Session

_COMPILE = ("pip", "compile", "--universal", "--generate-hashes", "--no-header", "--no-annotate",
            "--python-version", "3.11", "--quiet")  # fmt: skip


def packages(session: Session) -> int:
    """Bring .venv to everything that tests and checks need."""
    session.packages("dev.lock")
    return 0


def manage(session: Session, words: Sequence[str]) -> int:
    """Run a management command on the portal's data, whether the portal is running or not."""
    area = session.checkout.area("run")
    with portal_endpoints(session) as (endpoints, port):
        env = environment.for_portal(session.checkout, area, session.environ, endpoints, port)
        command = [str(session.checkout.python), "manage.py", *words]
        return run_at_the_keyboard(command, env=env, cwd=session.checkout.root)


def seed(session: Session) -> int:
    """Bring the portal's database up to date and fill its demo."""
    area = session.checkout.area("run")
    with portal_endpoints(session) as (endpoints, port):
        env = environment.for_portal(session.checkout, area, session.environ, endpoints, port)
        command = [str(session.checkout.python), "-m", "launch.together", "prepare", "seed_demo"]
        return run_at_the_keyboard(command, env=env, cwd=session.checkout.root)


def apart(session: Session, words: Sequence[str]) -> int:
    """Run a management command on private servers of the benchmarks' own, away from the portal's data."""
    interpreter = session.packages("dev.lock")
    with (
        session.holding("bench") as area,
        session.servers(area, interpreter, durable=True) as running,
    ):
        env = environment.for_portal(
            session.checkout, area, session.environ, running.endpoints, ports.parse_port("8000")
        )
        command = [str(session.checkout.python), "manage.py", *words]
        return run_at_the_keyboard(command, env=env, cwd=session.checkout.root)


@contextmanager
def portal_endpoints(session: Session) -> Iterator[tuple[Endpoints, int]]:
    """Yield the running portal's servers and port, or bring the servers up for the while."""
    area = session.checkout.area("run")
    instance = Instance(area)
    port = ports.parse_port(session.environ.get("PORT") or "8000")
    if instance.running:
        owner = instance.owner()
        if owner is None or owner.endpoints is None:
            raise Problem(
                "The portal of this checkout is just starting.",
                "Try again when its panel is there.",
            )
        yield owner.endpoints, owner.port or port
        return
    interpreter = session.packages("local.lock")
    with (
        session.holding("run"),
        session.servers(area, interpreter, durable=True, port=port) as running,
    ):
        yield running.endpoints, port


def lock(session: Session, words: Sequence[str]) -> int:
    """Compile the lock files from the .in files, each holding the pins of the one before.

    Compiled inside the folder, so that no path gets into them; the package source is the machine's own choice.
    """
    session.packages("dev.lock")
    folder = session.checkout.requirements
    previous: list[str] = []
    for name in lockfiles.NAMES:
        source = f"{Path(name).stem}.in"
        with session.console.step(name):
            run_to_end(
                [
                    str(session.checkout.venv / "bin" / "uv"),
                    *_COMPILE,
                    *words,
                    source,
                    *previous,
                    "--output-file",
                    name,
                ],
                env=environment.clean(session.environ),
                log=session.checkout.local / "log" / "lock.log",
                switch=session.switch,
                doing=f"Locking {source}",
                cwd=folder,
            )
        previous = ["--constraints", name]
    wrong = lockfiles.check(folder)
    if wrong:
        raise Problem(
            f"The new lock files are not clean: {wrong[0]}.",
            "Remove what names an address or a path.",
        )
    return 0


def messages(session: Session) -> int:
    """Bring the message catalogues up to date with the words in code and templates."""
    session.packages("dev.lock")
    env = {**environment.clean(session.environ), "DJANGO_SETTINGS_MODULE": "prm.settings.dev"}
    command = [str(session.checkout.python), "scripts/messages.py", "update"]
    code, _ = run_shown(command, env=env, switch=session.switch, cwd=session.checkout.root)
    return code
