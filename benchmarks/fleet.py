"""Many tenants: creating them, deploying to them, comparing them, asking them what is due."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

from django.db import connection

from benchmarks import database, generator, server
from benchmarks.figures import Figure, machine, median
from prm.due.tasks import tick
from tenants import drift, schemas
from tenants.services import NewTenant, create_tenant

SIZE_OF_ONE = 500
"""A tenant for so many of the size: 200 at the usual one."""
PLAIN = 3
RELEASE = "benchmarks.release"


def run(size: int, say: generator.Say) -> Iterator[Figure]:
    """Make the fleet, then everything that a deploy and a night do with it."""
    tenants = max(size // SIZE_OF_ONE, 4)
    with database.copy_of(50, say) as name:
        made = [_timed(lambda number=number: _create(number, say)) for number in range(1, tenants)]  # type: ignore[misc]
        plain = [_timed(lambda number=number: _by_migrations(number)) for number in range(PLAIN)]  # type: ignore[misc]
        about: dict[str, Any] = {
            "tenants": tenants, "postgresql": server.database_version(), **machine(),
        }  # fmt: skip
        yield Figure("fleet.creation", median(made), "s", 15, conditions=about)
        beside = {**about, "by migrations, s": round(median(plain), 2)}
        yield Figure("fleet.creation.to_migrations", median(made) / median(plain), "ratio", conditions=beside)  # fmt: skip
        yield from _night(about)
        yield from _deploys(name, tenants, about, say)


def _night(about: dict[str, Any]) -> Iterator[Figure]:
    """The comparison of all schemas, and a tick that finds nothing."""
    checked = drift.check()
    yield Figure("fleet.drift", checked.seconds, "s", 2, conditions={**about, "schemas": checked.schemas})  # fmt: skip
    yield Figure("fleet.drift.differing", len(checked.findings), "schemas", 0, conditions=about)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {database.TENANT}.prm_due_row")
    tick()
    yield Figure("fleet.tick", median([_timed(tick) for _ in range(5)]), "s", 0.3, conditions=about)


def _deploys(
    name: str, tenants: int, about: dict[str, Any], say: generator.Say
) -> Iterator[Figure]:
    """The command that a deploy runs, in a process of its own, its start included."""
    connection.close()
    idle = [_timed(lambda: _deploy("prm.settings.dev")) for _ in range(3)]
    yield Figure("fleet.deploy.nothing", median(idle), "s", 5, conditions=about)
    say("deploying one column")
    seconds = _timed(lambda: _deploy(f"{RELEASE}.settings"))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM information_schema.columns"
            " WHERE table_name = 'registrations_registration' AND column_name = 'benched'"
        )
        lacking = tenants - cursor.fetchone()[0]
    yield Figure("fleet.deploy.column", seconds, "s", 120, conditions=about)
    yield Figure("fleet.deploy.lacking", lacking, "tenants", 0, conditions=about)


def _timed(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def _create(number: int, say: generator.Say) -> None:
    if number % 20 == 0:
        say(f"tenant {number}")
    create_tenant(
        NewTenant(f"fleet_{number:03}", f"Fleet {number}", f"fleet-{number:03}.localhost")
    )


def _by_migrations(number: int) -> None:
    """Make a schema step by step, as without a blueprint, and drop it: no tenant's."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA plain_{number}")
    schemas.migrate(f"plain_{number}")
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA plain_{number} CASCADE")


def _deploy(settings: str) -> None:
    entry = connection.settings_dict
    where = {"host": entry["HOST"], "port": entry["PORT"], "user": entry["USER"], "password": entry["PASSWORD"]}  # fmt: skip
    query = urlencode({key: value for key, value in where.items() if value})
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": settings}
    env["DATABASE_URL"] = f"postgresql:///{entry['NAME']}?{query}"
    subprocess.run(
        [sys.executable, "manage.py", "migrate_tenants"],
        env=env, cwd=database.ROOT, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
