"""Bring many schemas up to date, in processes that each see only a few of them.

A connection that walks all tenants keeps the catalogue of each in memory, and so does the code that
migrates; a process that ends gives everything back. What is done is known from the schemas themselves,
so a run that was killed is simply started again.
"""

import multiprocessing
import os
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from django.db import OperationalError, connections
from django_tenants.utils import get_public_schema_name
from psycopg.errors import LockNotAvailable

from prm.tenancy.database import connection
from tenants import schemas
from tenants.models import Tenant

JOBS = 2
EACH = 25
"""So many schemas a process migrates before it gives its memory back."""
LOCK_SECONDS = 4
"""A statement that waits longer for a table steps back, or everybody who reads the table waits behind it."""
TRIES = 5
_FORK = multiprocessing.get_context("fork")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one schema; `error` is empty when it is up to date."""

    schema: str
    seconds: float
    error: str = ""


@dataclass(slots=True)
class _Crew:
    """One process and the schemas it has not reported yet, in its order."""

    process: BaseProcess
    left: deque[str] = field(default_factory=deque)


def outdated() -> list[str]:
    """Return the schemas that lack a migration: public first, then every tenant's; two queries."""
    connection.set_schema_to_public()
    public = get_public_schema_name()
    if schemas.lacking([public]):
        return [public]
    every = list(
        Tenant.objects.filter(ready=True)
        .order_by("schema_name")
        .values_list("schema_name", flat=True)
    )
    return schemas.lacking(every) if every else []


def run(*, jobs: int = JOBS, each: int = EACH) -> Iterator[Outcome]:
    """Migrate public if it is behind, then every tenant that is; yield what became of each.

    A tenant that fails stops no other; public that fails stops all, because every tenant reads it.
    """
    waiting = outdated()
    if waiting == [get_public_schema_name()]:
        outcome = next(roll_out(waiting, jobs=1, each=1))
        yield outcome
        waiting = [] if outcome.error else outdated()
    yield from roll_out(waiting, jobs=jobs, each=each)


def roll_out(names: list[str], *, jobs: int, each: int) -> Iterator[Outcome]:
    """Migrate the schemas in at most `jobs` processes at a time; yield each outcome as it is known."""
    if not names:
        return
    connections.close_all()  # a process of its own needs a connection of its own
    size = max(1, min(each, -(-len(names) // jobs)))
    batches = deque(names[start : start + size] for start in range(0, len(names), size))
    running: dict[Connection, _Crew] = {}
    while batches or running:
        while batches and len(running) < jobs:
            pipe, crew = _start(batches.popleft())
            running[pipe] = crew
        spoke = set(wait(list(running)))
        for pipe in [pipe for pipe in running if pipe in spoke]:
            try:
                outcome: Outcome = pipe.recv()
            except EOFError:
                crew = running.pop(pipe)
                yield from _ended(crew, batches)
            else:
                running[pipe].left.remove(outcome.schema)
                yield outcome


def _start(batch: list[str]) -> tuple[Connection, _Crew]:
    """Start a process; the parent keeps no writing end, so that its death is the end of the pipe."""
    reading, writing = _FORK.Pipe(duplex=False)
    process = _FORK.Process(target=_work, args=(batch, writing, os.getpid()))
    process.start()
    writing.close()
    return reading, _Crew(process, deque(batch))


def _ended(crew: _Crew, batches: deque[list[str]]) -> Iterator[Outcome]:
    """A process that died leaves one schema unfinished, and others that it did not reach."""
    crew.process.join()
    if not crew.left:
        return
    yield Outcome(crew.left.popleft(), 0, f"its process ended with code {crew.process.exitcode}")
    if crew.left:
        batches.append(list(crew.left))


def _work(batch: list[str], report: Connection, parent: int) -> None:
    """In the child: migrate one schema after the other, as long as somebody listens."""
    for schema in batch:
        if os.getppid() != parent:
            return  # killed: the next run does the rest
        began = time.monotonic()
        error = _attempt(schema)
        report.send(Outcome(schema, time.monotonic() - began, error))


def _attempt(schema: str) -> str:
    """Migrate one schema; return what stopped it, in one line."""
    for attempt in range(1, TRIES + 1):
        try:
            _migrate(schema)
        except OperationalError as error:
            if not isinstance(error.__cause__, LockNotAvailable) or attempt == TRIES:
                return _line(error)
            time.sleep(attempt)
        except Exception as error:
            return _line(error)
        else:
            return ""
        finally:
            connection.close()
    raise AssertionError("The last try returns.")


def _migrate(schema: str) -> None:
    """Migrate one schema unless somebody else did it while this one waited for the right to."""
    connection.set_schema_to_public()
    schemas.wait_for(schema)
    if not schemas.lacking([schema]):
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{LOCK_SECONDS}s"])
    schemas.migrate(schema)


def _line(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"[:500]
