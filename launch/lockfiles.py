"""The locked requirements: what counts as clean, and the digest that says whether they are installed."""

import hashlib
import re
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from launch.paths import here

NAMES = ("app.lock", "local.lock", "dev.lock")  # each holds the one before it
_PACKAGE = re.compile(r"[a-z0-9][a-z0-9.-]*==[0-9][A-Za-z0-9.+!]*( ; [^\\/:@]+)? \\")
_HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")


def digest(file: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def contained(name: str) -> tuple[str, ...]:
    """Return the lock files that are installed when this one is."""
    return NAMES[: NAMES.index(name) + 1]


def faults(text: str) -> Iterator[str]:
    """Yield what does not belong in a lock file: anything but pinned names, markers and hashes.

    Addresses, local paths, options and comments are all faults.
    """
    package, hashes = "", 0
    for number, line in enumerate(text.splitlines(), start=1):
        if _PACKAGE.fullmatch(line):
            if package and not hashes:
                yield f"{package} has no hash"
            package, hashes = line.split(" ", 1)[0], 0
        elif _HASH.fullmatch(line) and package:
            hashes += 1
        else:
            yield f"line {number}: {line.strip()[:80]}"
    if not hashes:
        yield f"{package} has no hash" if package else "it is empty"


def pins(text: str) -> dict[str, str]:
    """Return version by package and marker."""
    found = {}
    for line in text.splitlines():
        if _PACKAGE.fullmatch(line):
            name, _, rest = line.removesuffix(" \\").partition("==")
            version, _, marker = rest.partition(" ; ")
            found[f"{name} ; {marker}" if marker else name] = version
    return found


def disagreements(folder: Path) -> Iterator[str]:
    """Yield packages that a larger lock pins otherwise than the smaller one inside it."""
    for smaller, larger in pairwise(NAMES):
        inner, outer = pins((folder / smaller).read_text()), pins((folder / larger).read_text())
        for name, version in inner.items():
            if outer.get(name) != version:
                yield f"{larger} has {name} {outer.get(name, 'not at all')}, {smaller} has {version}"


def check(folder: Path) -> list[str]:
    """Return every fault of the lock files in the folder."""
    wrong = [f"{name}: {fault}" for name in NAMES for fault in faults((folder / name).read_text())]
    return wrong or list(disagreements(folder))


def main() -> int:
    """Print the faults; used by `make check`."""
    wrong = check(here().requirements)
    for fault in wrong:
        print(fault)
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
