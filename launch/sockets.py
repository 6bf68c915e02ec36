"""A folder for PostgreSQL's Unix socket: private, and short enough for the system."""

import hashlib
import os
import socket
from contextlib import closing
from pathlib import Path

from launch.accounts import Runner
from launch.problems import Problem

LOCK_NAME = ".s.PGSQL.5432.lock"
_LONGEST = 100  # bytes; the system's limit is 107, on macOS 103


def socket_folder(pg: Path, runner: Runner) -> Path:
    """Return a folder whose path a socket can have: beside the data, else a private one under /tmp."""
    beside = pg / "socket"
    if is_short(beside) and _takes_sockets(pg):
        return beside
    mark = hashlib.sha256(os.fsencode(pg)).hexdigest()[:10]
    folder = Path("/tmp") / f"prm-{os.geteuid()}-{mark}"  # noqa: S108 - made 0700 and its owner checked
    folder.mkdir(mode=0o700, exist_ok=True)
    owners = {os.geteuid(), runner.account.uid if runner.account else os.geteuid()}
    if folder.is_symlink() or folder.stat().st_uid not in owners or folder.stat().st_mode & 0o077:
        raise Problem(
            f"{folder} is not a private folder of this account.", "Delete it and start again."
        )
    return folder


def is_short(folder: Path) -> bool:
    """Say whether a socket in the folder has a path that the system and PostgreSQL's list can take."""
    path = str(folder / LOCK_NAME)
    plain = path.isascii() and all(letter.isalnum() or letter in "/._-" for letter in path)
    return plain and len(path) <= _LONGEST


def _takes_sockets(folder: Path) -> bool:
    """Try it: some shared folders of virtual machines hold no sockets."""
    probe = folder / "socket-probe"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe.unlink(missing_ok=True)
        with closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as server:
            server.bind(str(probe))
    except PermissionError:
        raise
    except OSError:
        return False
    finally:
        probe.unlink(missing_ok=True)
    return True
