"""Run a program to its end, with its output in a log and an eye on the stop switch."""

import os
import select
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from launch.problems import Problem, reason, recognise
from launch.switch import StopSwitch

TAIL_LINES = 15
_GRACE_SECONDS = 5.0


def run_to_end(
    command: Sequence[str],
    *,
    env: Mapping[str, str],
    log: Path,
    switch: StopSwitch,
    doing: str,
    cwd: Path | None = None,
    on_line: Callable[[str], None] | None = None,
) -> None:
    """Run the command and append its output to the log.

    Raises Problem, with the sentence its output asks for or its last lines, when it fails; Stopped
    when the switch is pressed, after ending it.
    """
    switch.check()
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as out, log.open("rb") as back:
        back.seek(0, os.SEEK_END)
        process = subprocess.Popen(
            list(command),
            env=dict(env),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        output = bytearray()
        try:
            while process.poll() is None:
                switch.pause(0.05)
                _follow(back.read(), output, on_line)
        except BaseException:
            end_group(process)
            raise
        _follow(back.read(), output, on_line)
    if process.returncode:
        raise failure(doing, output.decode(errors="replace"), log, process.returncode)


def _follow(chunk: bytes, output: bytearray, on_line: Callable[[str], None] | None) -> None:
    output += chunk
    if chunk and on_line:
        for line in chunk.decode(errors="replace").splitlines():
            on_line(line)


def failure(doing: str, output: str, log: Path, code: int) -> Problem:
    """Return the problem a failed program leaves: a known one, its last error, or its last lines."""
    if known := recognise(output):
        return known
    if said := reason(output):
        return Problem(f"{doing} failed: {said}.", f"The whole story is in {log}.")
    tail = "\n".join(deque((line for line in output.splitlines() if line.strip()), TAIL_LINES))
    return Problem(
        f"{doing} failed (exit {code}).", f"The whole story is in {log}; it ends:\n{tail}"
    )


def end_group(process: "subprocess.Popen[bytes]") -> None:
    """End a program started in a session of its own, children included."""
    signal_group(process.pid, signal.SIGTERM)
    try:
        process.wait(_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        signal_group(process.pid, signal.SIGKILL)
        process.wait()


def signal_group(pid: int, number: signal.Signals) -> None:
    """Send a signal to a session leader's whole group; a group that is gone is fine."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def run_shown(
    command: Sequence[str], *, env: Mapping[str, str], switch: StopSwitch, cwd: Path
) -> tuple[int, str]:
    """Run a program whose output the person watches; return its exit code and its last line.

    Raises Stopped when the switch is pressed, after the program had time to end in good order.
    """
    switch.check()
    process = subprocess.Popen(
        list(command), env=dict(env), cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    assert process.stdout
    closing = bytearray()
    try:
        while _pass_on(process.stdout.fileno(), closing):
            switch.check()
        while process.poll() is None:
            switch.pause(0.05)
    except BaseException:
        signal_group(process.pid, signal.SIGINT)  # pytest closes its browsers on this one
        with suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE_SECONDS)
        end_group(process)
        raise
    finally:
        process.stdout.close()
    lines = [line for line in closing.decode(errors="replace").splitlines() if line.strip()]
    return process.returncode, lines[-1].strip() if lines else ""


def _pass_on(source: int, closing: bytearray) -> bool:
    """Hand on what there is to read within a moment; return False at the end of it."""
    readable, _, _ = select.select([source], [], [], 0.1)
    if not readable:
        return True
    chunk = os.read(source, 65_536)
    closing += chunk
    del closing[:-4_000]
    sys.stdout.write(chunk.decode(errors="replace"))
    sys.stdout.flush()
    return bool(chunk)


def run_at_the_keyboard(command: Sequence[str], *, env: Mapping[str, str], cwd: Path) -> int:
    """Run an interactive program; Ctrl-C is its business while it runs."""
    before = signal.signal(signal.SIGINT, lambda number, frame: None)
    try:
        return subprocess.run(list(command), env=dict(env), cwd=cwd, check=False).returncode
    finally:
        signal.signal(signal.SIGINT, before)
