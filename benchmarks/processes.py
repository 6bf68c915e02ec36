"""What processes cost: CPU seconds and memory, read from /proc; the kernel counts in ticks of 10 ms."""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def cpu(pids: Iterable[int]) -> float:
    """Return the CPU seconds that processes have used so far, user and system; ended ones count nothing."""
    total = 0
    for pid in pids:
        with suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
    return total / TICK


def resident(pid: int) -> float:
    """Return the memory that a process holds, in MiB."""
    return _kilobytes(Path(f"/proc/{pid}/smaps_rollup"), "Rss:") / 1024


def own(pid: int) -> float:
    """Return the memory that only this process holds, in MiB."""
    rollup = Path(f"/proc/{pid}/smaps_rollup")
    return (_kilobytes(rollup, "Private_Dirty:") + _kilobytes(rollup, "Private_Clean:")) / 1024


def children(pid: int) -> Iterator[int]:
    """Yield the processes that a process has started, and theirs."""
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in map(int, task.read_text().split()):
                yield child
                yield from children(child)


def name(pid: int) -> str:
    """Return the short name of a process, empty when there is none here."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def _kilobytes(file: Path, label: str) -> int:
    for line in file.read_text().splitlines():
        if line.startswith(label):
            return int(line.split()[1])
    return 0
