"""The ways in: an unsuitable Python, reset, stale translations, the stop switch."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from launch import portal
from launch.commands import parse, require_stopped
from launch.instance import Instance
from launch.machine import require_room
from launch.paths import Checkout, here
from launch.problems import Problem, Stopped
from launch.switch import StopSwitch


def test_an_unsuitable_python_gets_a_sentence():
    code = "import runpy, sys; sys.version_info = (3, 10, 1); sys.version = '3.10.1 (main)'; runpy.run_module('launch', run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=here().root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith("The portal runs on Python 3.11 to 3.13, and this is 3.10.1")
    assert "Traceback" not in done.stderr


def test_the_launch_kit_needs_the_standard_library_alone():
    code = "import launch.commands, sys; print([m for m in sys.modules if 'site-packages' in str(getattr(sys.modules[m], '__file__', ''))])"
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], cwd=here().root, capture_output=True, text=True, check=True
    )  # fmt: skip
    assert done.stdout.strip() == "[]"


def test_reset_refuses_while_something_runs(tmp_path: Path):
    checkout = Checkout(tmp_path)
    require_stopped(checkout)
    with Instance(checkout.area("test")).held(), pytest.raises(Problem) as refused:
        require_stopped(checkout)
    assert refused.value.what.startswith("`make test` is running in this checkout")


def test_a_full_disk_is_named_before_anything_is_built(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("launch.machine.shutil.disk_usage", lambda path: _Disk())
    with pytest.raises(Problem) as full:
        require_room(Checkout(tmp_path))
    assert "has 5 MB free" in full.value.what


class _Disk:
    free = 5_000_000


def test_stale_catalogues_are_the_uncompiled_and_the_older(tmp_path: Path):
    def catalogue(language: str, compiled: int | None) -> Path:
        source = tmp_path / language / "LC_MESSAGES" / "django.po"
        source.parent.mkdir(parents=True)
        source.touch()
        os.utime(source, (100, 100))
        if compiled:
            source.with_suffix(".mo").touch()
            os.utime(source.with_suffix(".mo"), (compiled, compiled))
        return source

    catalogue("fr", 200)
    assert list(portal.stale_catalogues(tmp_path)) == []
    expected = [catalogue("ar", 50), catalogue("de", None)]
    assert list(portal.stale_catalogues(tmp_path)) == expected
    assert list(portal.stale_catalogues(tmp_path / "none")) == []


def test_the_switch_stops_what_waits():
    switch = StopSwitch()
    assert switch.wait(0) is False
    switch.press()
    with pytest.raises(Stopped):
        switch.pause(60)


def test_a_second_signal_means_hurry():
    switch = StopSwitch()
    switch._pressed(signal.SIGINT, None)
    assert not switch.hurry
    switch._pressed(signal.SIGINT, None)
    assert switch.hurry


def test_the_switch_sees_that_make_is_gone(monkeypatch):
    switch = StopSwitch(follow_parent=True)
    assert not switch.pressed
    monkeypatch.setattr("launch.switch.os.getppid", lambda: 1)
    assert switch.pressed


def test_static_mark_changes_with_our_files_and_not_with_the_result(tmp_path: Path):
    checkout = Checkout(tmp_path)
    for name in ("static/app.css", "users/static/x.js", ".local/static/app.css"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("old")
    first = portal.static_mark(checkout)
    (tmp_path / ".local/static/app.css").write_text("newer")
    assert portal.static_mark(checkout) == first
    (tmp_path / "users/static/x.js").write_text("newer")
    assert portal.static_mark(checkout) != first


def test_words_after_test_are_pytests_own():
    assert parse(["test", "-k", "a or b", "-x"]).words == ["-k", "a or b", "-x"]
    assert parse(["test"]).words == []
    assert parse(["run", "--port", "8123"]).port == "8123"
