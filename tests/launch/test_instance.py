"""The lock of an area: held by the living only."""

import subprocess
import sys
from pathlib import Path

import pytest

from launch.instance import Endpoints, Instance, Owner
from launch.paths import Area, here
from launch.problems import Problem

HOLD = """
import sys, time
from pathlib import Path
from launch.instance import Instance
from launch.paths import Area
with Instance(Area("run", Path(sys.argv[1]))).held():
    print("held", flush=True)
    time.sleep(60)
"""


def hold_elsewhere(area: Area) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(area.folder)], cwd=here().root, stdout=subprocess.PIPE, text=True
    )  # fmt: skip
    assert process.stdout
    assert process.stdout.readline() == "held\n"
    return process


def test_held_refuses_a_second_launch_and_says_where_the_first_is(area):
    other = hold_elsewhere(area)
    try:
        Instance(area).note(Owner(other.pid, 8123))
        with pytest.raises(Problem) as refused, Instance(area).held():
            pass
        assert Instance(area).running
    finally:
        other.kill()
        other.wait()
    assert f"at http://acme.localhost:8123 (process {other.pid})" in refused.value.what


def test_held_takes_over_from_a_killed_launch(area):
    other = hold_elsewhere(area)
    other.kill()
    other.wait()
    assert not Instance(area).running
    with Instance(area).held():
        owner = Instance(area).owner()
    assert owner is not None
    assert owner.pid != other.pid


def test_running_is_false_where_nothing_ever_ran(tmp_path: Path):
    assert not Instance(Area("run", tmp_path)).running


def test_owner_comes_back_as_noted_and_is_private(area):
    owner = Owner(5, 8000, Endpoints("postgresql://a", "redis://:secret@b"))
    Instance(area).note(owner)
    assert Instance(area).owner() == owner
    assert (area.state / "owner.json").stat().st_mode & 0o077 == 0


def test_owner_of_a_spoilt_file_is_nobody(area):
    (area.state / "owner.json").write_text("{")
    assert Instance(area).owner() is None
