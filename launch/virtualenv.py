"""`.venv/`: made once, brought to the locked packages, rebuilt when it is half-made or was moved."""

import json
import os
import subprocess
import sys
import venv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from launch import lockfiles
from launch.paths import Checkout
from launch.problems import Problem
from launch.programs import failure, run_to_end
from launch.switch import StopSwitch

OLDEST, NEWEST = (3, 11), (3, 13)
_FIRST_IMPORTS = (
    "import django, psycopg, celery, granian, rapidfuzz, PIL, cryptography, css_inline, nh3"
)
_ABOUT = (
    "import json, sys, sysconfig; print(json.dumps([sys.version, sysconfig.get_path('purelib')]))"
)


@dataclass(frozen=True, slots=True)
class Interpreter:
    """The environment's Python: its version text and where it keeps packages."""

    version: str
    site_packages: Path

    @property
    def minor(self) -> tuple[int, int]:
        major, minor = self.version.split(".")[:2]
        return int(major), int(minor)


@dataclass(frozen=True, slots=True)
class VirtualEnv:
    """Brings a checkout's .venv to one of the lock files."""

    checkout: Checkout
    environ: Mapping[str, str]
    log: Path
    switch: StopSwitch
    show: Callable[[str], None]

    @property
    def _mark(self) -> Path:
        return self.checkout.venv / "prm-installed.json"

    @property
    def _busy(self) -> Path:
        return self.checkout.venv / "prm-installing"

    def ensure(self, lock: str) -> tuple[Interpreter, bool]:
        """Return the interpreter with the lock's packages installed, and whether anything was done for it.

        Raises Problem where the environment cannot be made or a package cannot be installed.
        """
        interpreter = self._usable()
        if interpreter and self._is_installed(interpreter, lock):
            return interpreter, False
        if interpreter is None:
            self.show("making .venv")
            self._make()
            interpreter = self.interpreter()
        self._install(interpreter, lock)
        return interpreter, True

    def interpreter(self) -> Interpreter:
        """Return what the environment's Python says about itself; raise Problem when it does not run."""
        try:
            done = subprocess.run(
                [str(self.checkout.python), "-I", "-c", _ABOUT],
                capture_output=True,
                text=True,
                check=True,
            )
        except (OSError, subprocess.CalledProcessError) as error:
            raise Problem(
                "The Python in .venv does not run.", "Delete .venv and start again."
            ) from error
        version, site_packages = json.loads(done.stdout)
        return Interpreter(version, Path(site_packages))

    def _usable(self) -> Interpreter | None:
        """Return the existing environment's interpreter unless it has to be rebuilt."""
        mark = self._read_mark()
        if self._busy.exists() or mark.get("path", str(self.checkout.venv)) != str(
            self.checkout.venv
        ):
            return None
        try:
            interpreter = self.interpreter()
        except Problem:
            return None
        return interpreter if OLDEST <= interpreter.minor <= NEWEST else None

    def _read_mark(self) -> dict[str, str]:
        try:
            mark: dict[str, str] = json.loads(self._mark.read_text())
        except (OSError, ValueError):
            return {}
        return mark

    def _is_installed(self, interpreter: Interpreter, lock: str) -> bool:
        mark = self._read_mark()
        wanted = lockfiles.digest(self.checkout.requirements / lock)
        return mark.get("python") == interpreter.version and mark.get(lock) == wanted

    def _make(self) -> None:
        try:
            venv.EnvBuilder(clear=True, symlinks=True, with_pip=False).create(self.checkout.venv)
        except subprocess.CalledProcessError as error:
            raise Problem(
                "This Python cannot make a virtual environment.",
                "Install it in full (Debian: `python3-venv`).",
            ) from error

    def _install(self, interpreter: Interpreter, lock: str) -> None:
        self._mark.unlink(missing_ok=True)
        self._busy.touch()
        pip = [str(self.checkout.python), str(shipped_pip(self.checkout.vendor) / "pip"), "--disable-pip-version-check",
               "--no-input", "install", "--no-user", "--progress-bar", "off"]  # fmt: skip
        total = len(lockfiles.pins((self.checkout.requirements / lock).read_text()))
        count = _Counter(total, self.show)
        self._pip([*pip, "--require-hashes", "--only-binary", ":all:", "-r",
                   str(self.checkout.requirements / lock)], count)  # fmt: skip
        if not (interpreter.site_packages / "pip").exists():
            wheel = shipped_pip(self.checkout.vendor)
            self._pip([*pip, "--no-index", "--no-deps", str(wheel)], count)
        self._try_imports()
        mark = {"python": interpreter.version, "path": str(self.checkout.venv)}
        mark |= {
            name: lockfiles.digest(self.checkout.requirements / name)
            for name in lockfiles.contained(lock)
        }
        self._mark.write_text(json.dumps(mark, indent=1))
        self._busy.unlink()

    def _pip(self, command: list[str], count: "_Counter") -> None:
        run_to_end(
            command,
            env=self._environment(),
            log=self.log,
            switch=self.switch,
            doing="Installing the packages",
            cwd=self.checkout.root,
            on_line=count.see,
        )

    def _environment(self) -> dict[str, str]:
        env = {name: value for name, value in self.environ.items() if not name.startswith("PYTHON")}
        return {**env, "PYTHONUNBUFFERED": "1", "COLUMNS": "200"}

    def _try_imports(self) -> None:
        """Import what is compiled, so that a missing system library is named now and not in a log later."""
        done = subprocess.run(
            [str(self.checkout.python), "-c", _FIRST_IMPORTS],
            env=self._environment(), cwd=self.checkout.venv, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            with self.log.open("a") as log:
                log.write(done.stderr)
            raise failure("Loading the installed packages", done.stderr, self.log, done.returncode)


class _Counter:
    """Turns pip's lines into "12 of 62 packages"."""

    def __init__(self, total: int, show: Callable[[str], None]) -> None:
        self._total = total
        self._seen = 0
        self._show = show

    def see(self, line: str) -> None:
        if line.startswith("Collecting "):
            self._seen = min(self._seen + 1, self._total)
            self._show(f"{self._seen} of {self._total} packages")
        elif line.startswith("Installing collected packages"):
            self._show("unpacking")


def shipped_pip(vendor: Path) -> Path:
    """Return the shipped pip; raise Problem unless it is the very file its digest was written for.

    It is used instead of the machine's own because a bare Debian Python has neither pip nor ensurepip.
    """
    expected, name = (vendor / "SHA256SUMS").read_text().split()
    wheel = vendor / name
    if not wheel.is_file() or lockfiles.digest(wheel) != expected:
        raise Problem(
            f"{os.path.relpath(wheel)} is missing or damaged.",
            "Restore it: `git checkout -- launch/vendor`.",
        )
    return wheel


def running_version() -> str:
    """Return this interpreter's version as the console shows it."""
    return ".".join(str(part) for part in sys.version_info[:3])
