"""The environment: the shipped pip is checked, and what is installed is known."""

import shutil
import sys
from pathlib import Path

import pytest

from launch import virtualenv
from launch.paths import Checkout, here
from launch.problems import Problem
from launch.switch import StopSwitch
from launch.virtualenv import VirtualEnv, shipped_pip


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    """A checkout whose environment is this Python under another name, and whose pip does nothing."""
    found = Checkout(tmp_path)
    shutil.copytree(here().vendor, found.vendor)
    shutil.copytree(here().requirements, found.requirements)
    monkeypatch.setattr(VirtualEnv, "_pip", lambda self, command, count: installs.append(command))
    monkeypatch.setattr(VirtualEnv, "_try_imports", lambda self: None)
    installs.clear()
    return found


installs: list[list[str]] = []


def environment(checkout: Checkout) -> VirtualEnv:
    return VirtualEnv(checkout, {}, checkout.root / "log", StopSwitch(), lambda text: None)


def test_shipped_pip_is_the_one_whose_digest_is_written_down():
    assert shipped_pip(here().vendor).exists()


def test_shipped_pip_that_was_changed_is_refused(checkout):
    wheel = shipped_pip(checkout.vendor)
    wheel.write_bytes(wheel.read_bytes() + b"x")
    with pytest.raises(Problem) as refused:
        shipped_pip(checkout.vendor)
    assert "missing or damaged" in refused.value.what


def test_ensure_installs_once(checkout):
    assert environment(checkout).ensure("local.lock")[1] is True
    assert environment(checkout).ensure("local.lock")[1] is False
    assert "--require-hashes" in installs[0]


def test_ensure_knows_that_the_larger_lock_holds_the_smaller(checkout):
    environment(checkout).ensure("dev.lock")
    assert environment(checkout).ensure("local.lock")[1] is False


def test_ensure_installs_again_when_the_lock_changed(checkout):
    environment(checkout).ensure("local.lock")
    lock = checkout.requirements / "local.lock"
    lock.write_text(lock.read_text().replace("django==5.2", "django==5.3", 1))
    assert environment(checkout).ensure("local.lock")[1] is True


@pytest.mark.parametrize("spoil", ["interrupted", "moved", "no python"])
def test_ensure_rebuilds_what_cannot_be_trusted(checkout, spoil):
    environment(checkout).ensure("local.lock")
    trace = checkout.venv / "trace"
    trace.touch()
    if spoil == "interrupted":
        (checkout.venv / "prm-installing").touch()
    elif spoil == "moved":
        mark = checkout.venv / "prm-installed.json"
        mark.write_text(mark.read_text().replace(str(checkout.venv), "/elsewhere/.venv"))
    else:
        checkout.python.unlink()
    assert environment(checkout).ensure("local.lock")[1] is True
    assert not trace.exists()


def test_progress_counts_packages():
    seen: list[str] = []
    count = virtualenv._Counter(2, seen.append)
    for line in (
        "Collecting django",
        "  Downloading x",
        "Collecting redis",
        "Installing collected packages: x",
    ):
        count.see(line)
    assert seen == ["1 of 2 packages", "2 of 2 packages", "unpacking"]


def test_interpreter_tells_its_version(checkout):
    interpreter, _ = environment(checkout).ensure("local.lock")
    assert interpreter.minor == sys.version_info[:2]
