"""Bring up what Django needs: private servers, or the real ones that the environment points to."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from launch import outside, postgres, valkey
from launch.accounts import find_runner
from launch.console import Console
from launch.environment import clean, pointed_elsewhere
from launch.instance import Endpoints
from launch.paths import Area
from launch.problems import Problem, recognise
from launch.supervisor import Supervisor
from launch.virtualenv import Interpreter


@dataclass(frozen=True, slots=True)
class Servers:
    """Starts the database and the queue server of one area under its supervisor."""

    area: Area
    python: Path
    interpreter: Interpreter
    environ: Mapping[str, str]
    supervisor: Supervisor
    console: Console
    durable: bool = True

    def bring_up(self) -> Endpoints:
        """Return where both answer, once they do. Raises Problem or Stopped."""
        with self.console.step("Database server") as step:
            url = pointed_elsewhere(self.environ, "DATABASE_URL")
            if url:
                outside.require_database(self.python, url, clean(self.environ))
                step.outcome = "DATABASE_URL"
            else:
                url = self._private_postgres()
                step.outcome = f"private PostgreSQL {postgres.MAJOR}"
        with self.console.step("Queue server") as step:
            redis_url = pointed_elsewhere(self.environ, "REDIS_URL")
            if redis_url:
                outside.require_redis(self.python, redis_url, clean(self.environ))
                step.outcome = "REDIS_URL"
            else:
                redis_url = self._private_valkey()
                step.outcome = "private, Redis-compatible"
        return Endpoints(url, redis_url)

    def _private_postgres(self) -> str:
        folder = postgres.binaries(self.interpreter.site_packages)
        self.area.pg.mkdir(mode=0o700, parents=True, exist_ok=True)
        owned = self.area.pg / "data" if (self.area.pg / "data").exists() else self.area.pg
        server = postgres.PrivatePostgres(
            area=self.area,
            bin=folder,
            runner=find_runner(require_program(folder / "postgres"), owned, self.environ),
            env=clean(self.environ),
            switch=self.supervisor.switch,
            durable=self.durable,
        )
        server.prepare()
        self.supervisor.start(server.service())
        server.wait(self.supervisor)
        return server.url

    def _private_valkey(self) -> str:
        program = valkey.binary(self.interpreter.site_packages)
        require_program(program)
        server = valkey.PrivateValkey(
            self.area, program, clean(self.environ), self.supervisor.switch
        )
        server.prepare()
        server.start(self.supervisor)
        return server.url


def require_program(program: Path) -> Path:
    """Return a program of a wheel once it starts here; raise Problem with the reason when it does not."""
    if not program.exists():
        raise Problem(
            f"The installed packages hold no {program.name} for this machine.",
            "Point DATABASE_URL and REDIS_URL to servers that run elsewhere.",
        )
    done = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=False)
    if done.returncode:
        raise recognise(done.stderr) or Problem(
            f"{program.name} does not start: {done.stderr.strip()[:300]}",
            "Delete .venv and start again.",
        )
    return program
