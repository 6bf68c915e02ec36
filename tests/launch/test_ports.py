"""Ports: free or not, remembered, and who has them."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from launch import ports
from launch.problems import Problem


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_is_free_sees_a_listener(taken):
    assert not ports.is_free(taken)
    assert ports.is_free(ports.free_port())


def test_remembered_port_stays_while_it_is_free(tmp_path: Path):
    file = tmp_path / "port"
    first = ports.remembered_port(file)
    assert ports.remembered_port(file) == first


def test_remembered_port_moves_when_somebody_took_it(tmp_path: Path, taken):
    file = tmp_path / "port"
    file.write_text(f"{taken}\n")
    moved = ports.remembered_port(file)
    assert moved != taken
    assert file.read_text() == f"{moved}\n"


@pytest.mark.parametrize("text", ["", "abc", "0", "70000", "-1", "80.5"])
def test_remembered_port_survives_a_spoilt_file(tmp_path: Path, text):
    file = tmp_path / "port"
    file.write_text(text)
    assert 1024 <= ports.remembered_port(file) <= 65535


@pytest.mark.parametrize(
    "text", ["", "abc", "0", "65536", "-1", "80.5", "\N{FULLWIDTH DIGIT EIGHT}0"]
)
def test_parse_port_refuses_what_is_no_port(text):
    with pytest.raises(Problem) as refused:
        ports.parse_port(text)
    assert "PORT must be a number" in refused.value.what


def test_parse_port_takes_a_port():
    assert ports.parse_port("8123") == 8123


def test_require_free_names_the_holder_and_another_port(taken):
    with pytest.raises(Problem) as busy:
        ports.require_free(taken)
    assert busy.value.what.startswith(f"Port {taken} is taken by ")
    assert "make run PORT=" in busy.value.way_out


def test_require_free_sees_who_would_catch_browsers_on_ipv6(monkeypatch):
    port = ports.free_port()
    monkeypatch.setattr(ports, "is_free", lambda port, host="127.0.0.1": host != "::1")
    with pytest.raises(Problem):
        ports.require_free(port)


def test_require_free_names_a_foreign_address():
    with pytest.raises(Problem) as refused:
        ports.require_free(ports.free_port(), "192.0.2.1")
    assert refused.value.what == "This machine has no address 192.0.2.1."


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("/x/.venv/bin/python -m granian prm.wsgi:application", "another start of this portal (process 7)"),
        ("python manage.py runserver", "a Django development server (process 7)"),
        ("/usr/sbin/nginx -g daemon", "nginx (process 7)"),
        ("", "a program (process 7)"),
    ],
)  # fmt: skip
def test_describe_says_who_it_probably_is(command, said):
    assert ports.describe(command, 7) == said
