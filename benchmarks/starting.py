"""`make run` in a copy of this checkout: from nothing but downloaded packages, and once more from what is there."""

import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import generator
from benchmarks.database import ROOT
from benchmarks.figures import Figure, machine, median

WARM_ROUNDS = 3
LONGEST = 600.0
_STEP = re.compile(r"^  (?:✓|ok) (.+?)\s+([\d.]+) s")
_UP = re.compile(r"Up after ([\d.]+) s")
_SERVERS = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL")


def run(_size: int, say: generator.Say) -> Iterator[Figure]:
    """Start the portal for the first time, then again; its own servers, its own data."""
    with tempfile.TemporaryDirectory(prefix="prm-start-") as folder:
        checkout = Path(folder) / "portal"
        _copy(checkout)
        say("downloading packages")
        subprocess.run([_python(), "-m", "launch", "venv"], cwd=checkout, env=_environment(), check=True,
                       stdout=subprocess.DEVNULL)  # fmt: skip
        shutil.rmtree(checkout / ".venv")
        say("first start")
        before = _cpu()
        seconds, steps = _start(checkout)
        about = {**machine(), "account": "root" if os.geteuid() == 0 else "ordinary", "steps": steps,
                 "packages": "unpacked from pip's cache"}  # fmt: skip
        yield Figure("start.cold", seconds, "s", 120, conditions=about)
        yield Figure("start.cold.cpu", _cpu() - before, "s of CPU", conditions=about)
        say("second start")
        warm = [_start(checkout) for _ in range(WARM_ROUNDS)]
        about = {**machine(), "rounds": WARM_ROUNDS, "steps": warm[-1][1]}
        yield Figure("start.warm", median([one[0] for one in warm]), "s", 8, conditions=about)


def _cpu() -> float:
    """Return the CPU seconds of all ended processes that this one has started, and of theirs."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def _start(checkout: Path) -> tuple[float, dict[str, float]]:
    """Run `make run` until a sign-in would work; return the seconds, in all and per step. Stop it again."""
    started = time.monotonic()
    with _running(checkout) as lines:
        steps: dict[str, float] = {}
        for line in lines:
            if step := _STEP.match(line):
                steps[step[1]] = float(step[2])
            if _UP.search(line):
                return time.monotonic() - started, steps
            if time.monotonic() - started > LONGEST:
                break
    raise RuntimeError("The portal did not start.")


@contextmanager
def _running(checkout: Path) -> Iterator[Iterator[str]]:
    command = [_python(), "-m", "launch", "run", "--port", str(_free_port())]
    process = subprocess.Popen(command, cwd=checkout, env=_environment(), stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True, start_new_session=True)  # fmt: skip
    assert process.stdout
    try:
        yield iter(process.stdout)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()


def _copy(to: Path) -> None:
    """Copy what git knows or would take, not what was made here."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, listed.split("\0")):
        source = ROOT / name
        if source.is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, to / name)


def _environment() -> dict[str, str]:
    env = {name: value for name, value in os.environ.items() if name not in _SERVERS}
    return {name: value for name, value in env.items() if not name.startswith(("PRM_", "DJANGO_"))}


def _python() -> str:
    """Return the Python that this environment was made with."""
    return str(Path(sys.base_prefix) / "bin" / f"python{sys.version_info[0]}.{sys.version_info[1]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
