"""The portal itself: what is done before it starts, its three processes, and when it is ready."""

import hashlib
import http.client
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from launch.console import Console, Step
from launch.paths import Area, Checkout
from launch.ports import LOOPBACK
from launch.problems import Problem
from launch.programs import run_to_end
from launch.supervisor import Service, Supervisor
from launch.switch import StopSwitch

WEB_WORKERS = 2
WORKER_PROCESSES = 2
UNSERVED = ("django_htmx", "bootstrap", "MANIFEST.json")  # no page asks for them
_READY_SECONDS = 90.0


@dataclass(frozen=True, slots=True)
class SetUp:
    """Brings code and database of a checkout to where the processes can start."""

    checkout: Checkout
    area: Area
    env: Mapping[str, str]
    console: Console
    switch: StopSwitch

    def _run(self, *words: str, doing: str, step: Step) -> None:
        run_to_end(
            [str(self.checkout.python), *words],
            env=self.env,
            log=self.area.log / "setup.log",
            switch=self.switch,
            doing=doing,
            cwd=self.checkout.root,
            on_line=step.show,
        )

    def translations(self) -> None:
        """Compile the message catalogues that are older than their sources."""
        stale = list(stale_catalogues(self.checkout.root / "locale"))
        if not stale:
            return
        with self.console.step("Translations") as step:
            for source in stale:
                name, compiled = str(source), str(source.with_suffix(".mo"))
                doing = f"Compiling {source.relative_to(self.checkout.root)}"
                compile_it = ("-m", "babel.messages.frontend", "compile")
                self._run(*compile_it, "-i", name, "-o", compiled, doing=doing, step=step)

    def database(self, *, demo: bool) -> None:
        """Migrate the shared tables and every portal's; fill the demo, where what is there stays."""
        commands = ["prepare", "seed_demo"] if demo else ["prepare"]
        with self.console.step("Database and demo" if demo else "Database") as step:
            doing = "Preparing the database"
            self._run("-m", "launch.together", *commands, doing=doing, step=step)

    def static_files(self) -> None:
        """Collect style sheets, scripts and pictures when one of them changed."""
        stamp = self.area.folder / "static.stamp"
        mark = static_mark(self.checkout)
        if stamp.exists() and stamp.read_text() == mark and (self.area.folder / "static").exists():
            return
        with self.console.step("Static files") as step:
            self._run(
                "manage.py",
                "collectstatic",
                "--noinput",
                "--verbosity=0",
                *(f"--ignore={pattern}" for pattern in UNSERVED),
                doing="Collecting static files",
                step=step,
            )
        stamp.write_text(mark)


def stale_catalogues(locale: Path) -> Iterator[Path]:
    """Yield message catalogues without a compiled one, or with an older one."""
    for source in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            yield source


def static_mark(checkout: Checkout) -> str:
    """Return a digest of what collected files depend on: our files, the packages and the settings."""
    mark = hashlib.sha256()
    folders = [checkout.root, *checkout.root.glob("[!.]*/")]  # .local/static is the result
    sources = [file for folder in folders for file in (folder / "static").rglob("*")]
    sources += [
        checkout.requirements / "app.lock",
        checkout.root / "prm" / "settings" / "base.py",
    ]
    for file in sorted(sources):
        if file.is_file():
            facts = file.stat()
            mark.update(
                f"{file.relative_to(checkout.root)}:{facts.st_size}:{facts.st_mtime_ns}\n".encode()
            )
    return mark.hexdigest()


def services(
    checkout: Checkout, area: Area, env: Mapping[str, str], host: str, port: int
) -> list[Service]:
    """Return web, worker and beat."""
    python = str(checkout.python)
    beat = area.folder / "beat"
    beat.mkdir(parents=True, exist_ok=True)
    web = [python, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port), "--no-ws",
           "--workers", str(WEB_WORKERS), "--blocking-threads", "1", "--blocking-threads-idle-timeout", "600",
           "--respawn-failed-workers", "--respawn-interval", "1", "--workers-kill-timeout", "8",
           "prm.wsgi:application"]  # fmt: skip
    celery = [python, "-m", "celery", "--app", "prm.celery:app", "--skip-checks"]
    worker = [*celery, "worker", "--pool", "prefork", "--concurrency", str(WORKER_PROCESSES),
              "--loglevel", "INFO", "--without-gossip", "--without-mingle"]  # fmt: skip
    schedule = [
        *celery,
        "beat",
        "--schedule",
        str(beat / "schedule"),
        "--pidfile=",
        "--loglevel",
        "INFO",
    ]
    return [
        Service("web", web, env, area.log / "web.log", cwd=checkout.root),
        Service("worker", worker, env, area.log / "worker.log", patience=20.0, cwd=checkout.root),
        Service("beat", schedule, env, area.log / "beat.log", cwd=checkout.root),
    ]


def wait_until_ready(supervisor: Supervisor, area: Area, host: str, port: int) -> None:
    """Wait until /readyz is green; raise Problem when the web process ends or the time is over."""
    deadline = time.monotonic() + _READY_SECONDS
    while True:
        supervisor.require_alive("web")
        status, said = ask("/readyz", host, port)
        if status == 200:
            return
        if time.monotonic() > deadline:
            raise Problem(
                f"The portal did not become ready within {_READY_SECONDS:.0f} s ({said or 'no answer'}).",
                f"Read the logs in {area.log}.",
            )
        supervisor.switch.pause(0.1)


def ask(path: str, host: str, port: int) -> tuple[int | None, str]:
    """Return status and body of a page, or None and the reason."""
    connection = http.client.HTTPConnection(reachable(host), port, timeout=5)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read(2_000).decode(errors="replace")
    except OSError as error:
        return None, str(error)
    except http.client.HTTPException as error:
        return None, repr(error)
    finally:
        connection.close()


def reachable(host: str) -> str:
    """Return the address to ask when the web process listens on all of them."""
    return LOOPBACK if host in {"0.0.0.0", "::", ""} else host  # noqa: S104 - compared, not bound
