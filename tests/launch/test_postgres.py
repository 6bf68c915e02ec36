"""The private PostgreSQL: half-made and damaged folders, stale pid files, socket folders."""

import os
import subprocess
import tempfile
from pathlib import Path

import pytest

from launch import postgres, sockets
from launch.accounts import AS_IS
from launch.paths import Area
from launch.problems import Problem
from launch.switch import StopSwitch


def finished(data: Path, version: str = postgres.MAJOR) -> Path:
    (data / "global").mkdir(parents=True)
    (data / "base" / "5").mkdir(parents=True)
    (data / "global" / "pg_control").touch()
    (data / "PG_VERSION").write_text(f"{version}\n")
    return data


@pytest.fixture
def server(area: Area, monkeypatch: pytest.MonkeyPatch) -> postgres.PrivatePostgres:
    """A server whose initdb writes a finished folder without running anything."""
    found = postgres.PrivatePostgres(area, Path("/nowhere"), AS_IS, {}, StopSwitch())
    monkeypatch.setattr(postgres.PrivatePostgres, "_initdb", lambda self, folder: finished(folder))
    return found


def test_prepare_makes_the_folder_once(server):
    assert server.prepare() is True
    assert server.prepare() is False
    assert server.data.exists()
    assert server.area.pg.stat().st_mode & 0o777 == 0o700


def test_prepare_starts_over_after_an_interrupted_attempt(server):
    half = server.area.pg / "data.new"
    (half / "base").mkdir(parents=True)
    (half / "base" / "half").touch()
    assert server.prepare() is True
    assert not half.exists()
    assert not (server.data / "base" / "half").exists()


def test_prepare_replaces_a_folder_that_never_held_a_database(server):
    (server.data / "base").mkdir(parents=True)
    assert server.prepare() is True


@pytest.mark.parametrize("lost", ["PG_VERSION", "global/pg_control"])
def test_prepare_refuses_a_damaged_database_and_keeps_it(server, lost):
    server.prepare()
    (server.data / lost).unlink()
    with pytest.raises(Problem) as refused:
        server.prepare()
    assert "is damaged" in refused.value.what
    assert "make reset" in refused.value.way_out
    assert (server.data / "base" / "5").exists()


def test_prepare_refuses_another_version(server):
    finished(server.data, "17")
    with pytest.raises(Problem) as refused:
        server.prepare()
    assert "made by PostgreSQL 17, and this is 18" in refused.value.what


def test_pid_file_of_some_other_program_is_removed(tmp_path: Path):
    data = finished(tmp_path / "data")
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n")
    (tmp_path / sockets.LOCK_NAME).write_text(f"{os.getpid()}\n")
    postgres.clear_the_way(data, tmp_path)
    assert not (data / "postmaster.pid").exists()
    assert not (tmp_path / sockets.LOCK_NAME).exists()


def test_pid_file_of_the_dead_is_left_to_postgresql(tmp_path: Path):
    gone = subprocess.Popen(["true"])
    gone.wait()
    data = finished(tmp_path / "data")
    (data / "postmaster.pid").write_text(f"{gone.pid}\n")
    postgres.clear_the_way(data, tmp_path)
    assert (data / "postmaster.pid").exists()


@pytest.mark.parametrize("text", ["", "\n", "nonsense"])
def test_empty_pid_file_is_removed(tmp_path: Path, text):
    file = tmp_path / "postmaster.pid"
    file.write_text(text)
    assert postgres.pid_in(file) is None
    assert not file.exists()


def test_url_names_the_socket_folder(server):
    assert server.url.startswith("postgresql://prm@/prm?host=%2F")


def test_socket_folder_is_beside_the_data_while_its_path_is_short():
    with tempfile.TemporaryDirectory(dir="/tmp") as short:
        assert sockets.socket_folder(Path(short), AS_IS) == Path(short) / "socket"


@pytest.mark.parametrize("name", ["x" * 100, "with space", "ünïcode", "comma,comma"])
def test_socket_folder_is_private_and_short_where_the_path_will_not_do(tmp_path: Path, name):
    folder = sockets.socket_folder(tmp_path / name, AS_IS)
    try:
        assert sockets.is_short(folder)
        assert folder.stat().st_mode & 0o777 == 0o700
    finally:
        folder.rmdir()
