"""An area on disk and a quiet console, for tests that start real processes."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from launch.console import Console
from launch.paths import Area
from launch.roster import Roster
from launch.supervisor import Supervisor
from launch.switch import StopSwitch


@pytest.fixture
def area(tmp_path: Path) -> Area:
    """An empty area."""
    found = Area("run", tmp_path / "local")
    found.state.mkdir(parents=True)
    return found


@pytest.fixture
def out() -> io.StringIO:
    """What the console shows."""
    return io.StringIO()


@pytest.fixture
def supervisor(area: Area, out: io.StringIO) -> Iterator[Supervisor]:
    """A supervisor that ends its children when the test is over."""
    boss = Supervisor(Console(out), Roster(area.state / "processes.json"), StopSwitch())
    yield boss
    boss.stop()
