"""The supervisor: a crashed process starts again, all stop in order, a killed launch leaves nothing."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from launch import identity
from launch.paths import here
from launch.problems import Problem
from launch.roster import Entry, Roster
from launch.supervisor import SERVER_STAGE, Service, ending, pause_after

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


def wait_for(condition: Callable[[], object], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def service(area, name="web", command=SLEEP, **more) -> Service:
    return Service(name, command, dict(os.environ), area.log / f"{name}.log", **more)


def listed(area) -> dict[str, Entry]:
    return {entry.name: entry for entry in Roster(area.state / "processes.json").read()}


def test_a_crashed_process_is_told_of_and_started_again(area, supervisor, out, monkeypatch):
    monkeypatch.setattr("launch.supervisor.pause_after", lambda crashes: 0.0)
    supervisor.start(service(area))
    first = listed(area)["web"]
    os.kill(first.pid, signal.SIGKILL)
    wait_for(lambda: supervisor.tend() or listed(area)["web"].pid != first.pid)
    assert listed(area)["web"].alive
    assert "web | stopped by itself (killed by SIGKILL)" in out.getvalue()
    assert "web | started again." in out.getvalue()


def test_a_dead_parent_takes_its_children_along(area, supervisor, tmp_path):
    """A web server's orphaned workers would hold the port."""
    child = tmp_path / "child"
    code = f"import subprocess, time; p = subprocess.Popen(['sleep', '60']); open({str(child)!r}, 'w').write(str(p.pid)); time.sleep(60)"
    supervisor.start(service(area, command=[sys.executable, "-c", code]))
    wait_for(lambda: child.exists() and child.read_text())
    os.kill(listed(area)["web"].pid, signal.SIGKILL)
    wait_for(lambda: supervisor.tend() or identity.start_time(int(child.read_text())) is None)


def test_stop_ends_applications_before_servers(area, supervisor, tmp_path):
    order = tmp_path / "order"
    code = (
        "import signal, sys, time\n"
        f"signal.signal(signal.SIGTERM, lambda *a: (open({str(order)!r}, 'a').write(sys.argv[1]), sys.exit()))\n"
        "print('up', flush=True)\n"
        "while True: time.sleep(0.05)"
    )
    for name, stage in (("server", SERVER_STAGE), ("web", 2)):
        supervisor.start(service(area, name, [sys.executable, "-c", code, f"{name} "], stage=stage))
        wait_for((area.log / f"{name}.log").read_text)
    supervisor.stop()
    assert order.read_text() == "web server "
    assert listed(area) == {}


def test_stop_ends_what_does_not_listen(area, supervisor):
    code = "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint('up', flush=True)\ntime.sleep(60)"
    supervisor.start(service(area, command=[sys.executable, "-c", code], patience=0.2))
    wait_for(lambda: (area.log / "web.log").read_text())
    entry = listed(area)["web"]
    supervisor.stop()
    assert not entry.alive


def test_require_alive_tells_what_the_log_says(area, supervisor):
    supervisor.start(
        service(area, command=[sys.executable, "-c", "raise SystemExit('no such thing')"])
    )
    wait_for(lambda: "no such thing" in supervisor.said("web"))
    with pytest.raises(Problem) as failed:
        wait_for(lambda: supervisor.require_alive("web"))
    assert "no such thing" in failed.value.way_out


def test_a_program_that_is_not_there_is_a_problem(area, supervisor):
    with pytest.raises(Problem):
        supervisor.start(service(area, command=["/nowhere/program"]))


def test_leftovers_of_a_killed_launch_are_ended(area, supervisor):
    supervisor.start(service(area))
    entry = listed(area)["web"]
    assert Roster(area.state / "processes.json").end_leftovers() == ["web"]
    wait_for(lambda: not entry.alive)


def test_a_reused_process_number_is_left_alone(area):
    """The number alone says nothing: it may be somebody else's by now."""
    bystander = subprocess.Popen(["sleep", "60"])
    try:
        roster = Roster(area.state / "processes.json")
        roster.write([Entry("web", bystander.pid, "1", 2, signal.SIGTERM, 1.0)])
        assert roster.end_leftovers() == []
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


@pytest.mark.parametrize("text", ["", "{", '[{"name": "x"}]', "[1]"])
def test_a_spoilt_roster_is_an_empty_one(area, text):
    file = area.state / "processes.json"
    file.write_text(text)
    assert Roster(file).read() == []


def lifeline_over(area, pid: int) -> "subprocess.Popen[bytes]":
    started = identity.start_time(pid)
    rows = [
        {
            "name": "web",
            "pid": pid,
            "started": started,
            "stage": 2,
            "stop_signal": 15,
            "patience": 2.0,
        }
    ]
    (area.state / "processes.json").write_text(json.dumps(rows))
    return subprocess.Popen(
        [sys.executable, "-m", "launch.lifeline", str(area.state / "processes.json")],
        cwd=here().root, stdin=subprocess.PIPE,
    )  # fmt: skip


@pytest.mark.parametrize(("goodbye", "lives"), [(b"q", True), (b"", False)])
def test_the_lifeline_ends_services_unless_it_hears_goodbye(area, goodbye, lives):
    sleeper = subprocess.Popen(["sleep", "60"], start_new_session=True)
    try:
        watcher = lifeline_over(area, sleeper.pid)
        watcher.communicate(goodbye, timeout=20)
        assert (sleeper.poll() is None) is lives
    finally:
        sleeper.kill()
        sleeper.wait()


def test_pauses_grow_and_have_an_end():
    assert [pause_after(crashes) for crashes in (1, 2, 3, 6, 50)] == [1, 2, 4, 30, 30]


def test_ending_in_words():
    assert ending(3) == "exit 3"
    assert ending(-9) == "killed by SIGKILL"
