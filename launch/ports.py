"""Ports: is one free, who has it, and which one did this checkout use last time."""

import errno
import os
import socket
from contextlib import closing
from pathlib import Path

from launch.problems import Problem

LOOPBACK = "127.0.0.1"
_LISTEN = "0A"


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """Say whether nothing listens at the address; a connection that only lingers does not count.

    Raises OSError where the address itself cannot be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise
    return True


def free_port(host: str = LOOPBACK) -> int:
    """Return a port nobody uses now."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port


def remembered_port(file: Path) -> int:
    """Return the port recorded in the file while it is free, else another one, recorded."""
    try:
        port = int(file.read_text())
        if 1024 <= port <= 65535 and is_free(port):
            return port
    except (OSError, ValueError):
        pass
    port = free_port()
    file.write_text(f"{port}\n")
    return port


def parse_port(text: str) -> int:
    """Return the port a person asked for; raise Problem on anything that is none."""
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 65535:
        return int(text)
    raise Problem(
        f"PORT must be a number from 1 to 65535, not {text!r}.",
        "For example: `make run PORT=8123`.",
    )


def require_free(port: int, host: str = LOOPBACK) -> None:
    """Raise Problem, naming who has it where that can be seen, unless the web port is free."""
    try:
        if is_free(port, host) and (host != LOOPBACK or not shadowed(port)):
            return
    except PermissionError as error:
        raise Problem(
            f"Port {port} is reserved for root.",
            "Take one above 1023, for example `make run PORT=8123`.",
        ) from error
    except OSError as error:
        raise Problem(
            f"This machine has no address {host}.",
            "Set PRM_BIND to one of its own, or leave it out.",
        ) from error
    raise Problem(
        f"Port {port} is taken by {holder(port) or 'another program'}.",
        f"Stop that one, or start here on another port: `make run PORT={free_near(port)}`.",
    )


def shadowed(port: int) -> bool:
    """Say whether somebody has the port on IPv6's loopback, where browsers look for localhost first."""
    try:
        return not is_free(port, "::1")
    except OSError:  # no IPv6 here
        return False


def free_near(port: int) -> int:
    """Return a free port that is easy to type, near the one asked for."""
    for candidate in range(max(port, 1023) + 1, min(port + 200, 65535)):
        if is_free(candidate):
            return candidate
    return free_port()


def holder(port: int) -> str | None:
    """Return a few words about the process that listens on the port, where Linux shows them."""
    inodes = _listening_inodes(port)
    if not inodes:
        return None
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            links = {os.readlink(fd) for fd in (entry / "fd").iterdir()}
            if any(f"socket:[{inode}]" in links for inode in inodes):
                command = (
                    (entry / "cmdline")
                    .read_bytes()
                    .replace(b"\0", b" ")
                    .decode(errors="replace")
                    .strip()
                )
                return describe(command, int(entry.name))
        except OSError:
            continue
    return None


def describe(command: str, pid: int) -> str:
    """Return who a process probably is, by its command line."""
    if "prm.wsgi" in command:
        return f"another start of this portal (process {pid})"
    if "runserver" in command:
        return f"a Django development server (process {pid})"
    if "docker-proxy" in command:
        return f"a container's published port (process {pid})"
    name = os.path.basename(command.split(" ", 1)[0]) or "a program"
    return f"{name} (process {pid})"


def _listening_inodes(port: int) -> set[str]:
    found: set[str] = set()
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        try:
            rows = table.read_text().splitlines()[1:]
        except OSError:
            continue
        for row in rows:
            fields = row.split()
            if fields[3] == _LISTEN and int(fields[1].rsplit(":", 1)[1], 16) == port:
                found.add(fields[9])
    return found
