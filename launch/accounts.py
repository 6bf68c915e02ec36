"""PostgreSQL refuses to run as root: find the way in which root may run it all the same."""

import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from launch.problems import Problem


@dataclass(frozen=True, slots=True)
class Account:
    """An ordinary account of this machine."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Runner:
    """How to run a program that refuses root: words put before it, or an account to become."""

    prefix: tuple[str, ...] = ()
    account: Account | None = None


AS_IS = Runner()


def find_runner(program: Path, folder: Path, environ: Mapping[str, str]) -> Runner:
    """Return how to run the program over the folder.

    Not root: as it is. Root: in a user namespace of its own, in which root is an ordinary account; where the
    machine forbids that, or the folder belongs to somebody else, as an ordinary account. Raises Problem when
    no way is left.
    """
    if os.geteuid() != 0:
        return AS_IS
    owner = _owner(folder)
    if owner is None:
        namespaced = Runner(prefix=tuple(_namespace_words()))
        if namespaced.prefix and works(namespaced, program):
            return namespaced
    for account in _candidates(owner, folder, environ):
        runner = Runner(account=account)
        if works(runner, program):
            return runner
    raise Problem(
        "PostgreSQL does not run as root, this machine forbids user namespaces, "
        f"and no ordinary account can reach {program.parent}.",
        "Run make as an ordinary user, move the project out of a private folder such as /root, "
        "or set DATABASE_URL to a PostgreSQL that runs elsewhere.",
    )


def works(runner: Runner, program: Path) -> bool:
    """Try it: the program must start, and not as root."""
    asks = [sys.executable, "-c", "import os, sys; sys.exit(os.geteuid() == 0)"]
    return _ends_well(runner, asks, reach=False) and _ends_well(
        runner, [str(program), "--version"], reach=True
    )


def _ends_well(runner: Runner, command: list[str], *, reach: bool) -> bool:
    account = runner.account
    if (
        account and not reach
    ):  # this Python may stand where the account cannot go, and its id is known
        return account.uid != 0
    try:
        done = subprocess.run(
            [*runner.prefix, *command],
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except OSError:
        return False
    return done.returncode == 0


def _namespace_words() -> Iterator[str]:
    """`unshare` with the id of an account that has a name: initdb looks it up."""
    unshare = shutil.which("unshare")
    account = _first_ordinary()
    if unshare and account and sys.platform == "linux":
        yield from (unshare, "--user", f"--map-user={account.uid}", f"--map-group={account.gid}")


def _first_ordinary() -> Account | None:
    accounts = [
        Account(row.pw_name, row.pw_uid, row.pw_gid) for row in pwd.getpwall() if row.pw_uid
    ]
    return min(
        accounts,
        key=lambda account: (account.uid != 1000, account.name != "nobody", account.uid),
        default=None,
    )


def _owner(folder: Path) -> Account | None:
    """Return who owns the folder when that is not root."""
    try:
        uid = folder.stat().st_uid
        row = pwd.getpwuid(uid)
    except (OSError, KeyError):
        return None
    return Account(row.pw_name, uid, row.pw_gid) if uid else None


def _candidates(
    owner: Account | None, folder: Path, environ: Mapping[str, str]
) -> Iterator[Account]:
    """Accounts to try: the folder's owner alone; else the checkout's owner, who called sudo, postgres, nobody."""
    if owner:
        yield owner
        return
    if checkout_owner := _owner(folder.parents[1]):
        yield checkout_owner
    for name in (environ.get("SUDO_USER"), "postgres", "nobody"):
        try:
            row = pwd.getpwnam(name or "")
        except KeyError:
            continue
        if row.pw_uid:
            yield Account(row.pw_name, row.pw_uid, row.pw_gid)
