"""What a person must see to, said in one sentence with the way out."""

import errno
import re

# Library file -> Debian package that has it.
LIBRARY_PACKAGES = {
    "libz.so.1": "zlib1g",
    "libstdc++.so.6": "libstdc++6",
    "libgcc_s.so.1": "libgcc-s1",
    "libresolv.so.2": "libc6",
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
}
_MISSING_LIBRARY = re.compile(r"([\w.+-]+\.so[\w.]*): cannot open shared object file")
_OLD_LIBRARY = re.compile(r"version [`']((?:GLIBC|GLIBCXX|CXXABI)_[\d.]+)' not found")
_NO_WHEEL = re.compile(r"No matching distribution found for ([\w.-]+)")
_ERROR = re.compile(r"^[\w.]+(?:Error|Exception|Timeout|Configured)\w*: (.+)$", re.MULTILINE)
_NETWORK_SIGNS = (
    "NewConnectionError",
    "NameResolutionError",
    "Temporary failure in name resolution",
    "ConnectTimeoutError",
    "ReadTimeoutError",
    "Could not fetch URL",
    "ProxyError",
    "Network is unreachable",
)


class Problem(Exception):
    """Stops the launch; `what` is the fact, `way_out` what to do about it."""

    def __init__(self, what: str, way_out: str) -> None:
        super().__init__(what)
        self.what = what
        self.way_out = way_out


class Stopped(Exception):
    """Somebody asked the launch to stop (Ctrl-C, SIGTERM, closed terminal)."""


def recognise(output: str) -> Problem | None:
    """Return the problem that a program's output tells of, or None when it tells of no known one."""
    if found := _MISSING_LIBRARY.search(output):
        return missing_library(found.group(1))
    if "zlib not available" in output or "No module named 'zlib'" in output:
        return missing_library("libz.so.1")
    if found := _OLD_LIBRARY.search(output):
        return Problem(
            f"The C library of this machine is too old: {found.group(1)} is wanted.",
            "Use a newer system (Debian 12 or its like will do), or point DATABASE_URL and REDIS_URL "
            "to servers that run elsewhere.",
        )
    if "No space left on device" in output:
        return disk_full()
    if "DO NOT MATCH THE HASHES" in output:
        return Problem(
            "A downloaded package is not the one that was locked (its hash differs).",
            "Empty pip's cache with `pip cache purge` and try again; if it stays, do not trust that source.",
        )
    if "CERTIFICATE_VERIFY_FAILED" in output or "SSL module is not available" in output:
        return Problem(
            "The package source's certificate could not be checked.",
            "Install `ca-certificates`, or name your own authority in pip's `cert` setting.",
        )
    if any(sign in output for sign in _NETWORK_SIGNS):
        return Problem(
            "The package source cannot be reached.",
            "Check the network, the proxy and pip's own configuration (`pip config list`), then try again.",
        )
    if found := _NO_WHEEL.search(output):
        return Problem(
            f"There is no ready-built package of {found.group(1)} for this machine and Python.",
            "Use CPython 3.11 to 3.13 on Linux (glibc, x86-64 or arm64) or macOS.",
        )
    return None


def reason(output: str) -> str | None:
    """Return what the last error in the output says, where it is one of Python's."""
    errors = _ERROR.findall(output)
    return str(errors[-1]).rstrip(". ") if errors else None


def missing_library(name: str) -> Problem:
    """Return the problem of a shared library that this machine does not have."""
    package = LIBRARY_PACKAGES.get(name)
    way_out = (
        f"Install it: `apt-get install {package}`."
        if package
        else "Install the package that has it."
    )
    return Problem(f"The system library {name} is missing.", way_out)


def disk_full() -> Problem:
    """Return the problem of a disk without room."""
    return Problem(
        "The disk is full.",
        "Make room (`make reset` frees what the portal itself holds under .local) and try again.",
    )


def from_os_error(error: OSError) -> Problem | None:
    """Return the sentence for an operating-system error that people meet, or None."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return disk_full()
    if error.errno == errno.EROFS:
        return Problem(
            f"{error.filename or 'This folder'} is on a read-only file system.",
            "Copy the project to a folder that can be written.",
        )
    if error.errno in {errno.EACCES, errno.EPERM}:
        return not_yours(str(error.filename or "a file of the project"))
    return None


def not_yours(path: str) -> Problem:
    """Return the problem of a file or folder that this account may not write."""
    return Problem(
        f"This account may not write {path}.",
        "If an earlier start ran as another account (root?), delete .venv and .local as that account, "
        "or give the project to this one with `chown -R`.",
    )
