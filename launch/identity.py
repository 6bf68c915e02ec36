"""Who a process is: its id alone is reused, its id with its start time is not."""

import subprocess
from pathlib import Path


def start_time(pid: int) -> str | None:
    """Return a mark of when the process started, or None when it is not alive."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return None if Path("/proc/self/stat").exists() else _asked_of_ps(pid)
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()  # the name before it may hold spaces and brackets
    return None if fields[0] in {"Z", "X"} else fields[19]


def is_same(pid: int, started: str) -> bool:
    """Say whether the process that started then is still the one with this id."""
    return start_time(pid) == started


def _asked_of_ps(pid: int) -> str | None:
    try:
        answer = subprocess.run(
            ["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
        )
    except OSError:
        return None
    return answer.stdout.strip() or None
