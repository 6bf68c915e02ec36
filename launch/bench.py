"""`make bench`: the benchmarks on durable servers of their own."""

from collections.abc import Sequence

from launch import environment, portal
from launch.programs import run_shown
from launch.session import Session


def bench(session: Session, words: Sequence[str]) -> int:
    """Run `python -m benchmarks`; return its exit code, which is not zero when a bar fails."""
    interpreter = session.packages("dev.lock")
    with (
        session.holding("bench") as area,
        session.servers(area, interpreter, durable=True) as running,
    ):
        port = int(session.environ.get("PORT") or "8000")
        env = environment.for_portal(
            session.checkout, area, session.environ, running.endpoints, port
        )
        steps = portal.SetUp(session.checkout, area, env, session.console, session.switch)
        steps.translations()
        steps.static_files()  # pages name them by their digests
        command = [str(session.checkout.python), "-m", "benchmarks", *words]
        code, _ = run_shown(command, env=env, switch=session.switch, cwd=session.checkout.root)
    return code
