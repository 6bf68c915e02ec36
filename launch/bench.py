"""`make bench`: the benchmarks on durable servers of their own."""

import os
from collections.abc import Sequence

from launch import environment
from launch.instance import Instance, Owner
from launch.programs import run_shown
from launch.session import Session


def bench(session: Session, words: Sequence[str]) -> int:
    """Run `python -m benchmarks`; return its exit code, which is not zero when a bar fails."""
    area = session.checkout.area("bench")
    interpreter = session.packages("dev.lock")
    with session.servers(area, interpreter, durable=True) as running:
        Instance(area).note(Owner(os.getpid(), None, running.endpoints))
        port = int(session.environ.get("PORT") or "8000")
        env = environment.for_portal(
            session.checkout, area, session.environ, running.endpoints, port
        )
        command = [str(session.checkout.python), "-m", "benchmarks", *words]
        code, _ = run_shown(command, env=env, switch=session.switch, cwd=session.checkout.root)
    return code
