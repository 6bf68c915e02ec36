"""Read twenty tenants every way there is, from several processes and threads: never the wrong one.

    python -m faults.isolation --requests 200000

Counts as a request every single read that is compared with the word of the tenant it must come from.
Prints one JSON line; the exit code is 1 if a single read was another tenant's.
"""

import argparse
import json
import logging
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

TENANTS, THREADS, PROCESSES, REQUESTS = 20, 3, 2, 200_000
DATABASE = "faults_isolation"


@dataclass
class Result:
    """What was read, how, and every read that was not of the tenant it should be."""

    requests: int = 0
    seconds: float = 0.0
    by_way: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def add(self, other: "Result") -> None:
        """Count another one's reads as well."""
        self.requests += other.requests
        self.by_way.update(other.by_way)
        self.wrong += other.wrong


def schemas(count: int) -> list[str]:
    """Return the names of the tenants of a run, which are their words as well."""
    return [f"isolated{number:02}" for number in range(1, count + 1)]


def prepare(count: int) -> None:
    """Make the tenants, each with its canaries."""
    from django.core.cache import cache

    from faults import moves
    from partners.models import Partner
    from prm import clock, due
    from prm.tenancy import context
    from tenants.services import NewTenant, create_tenant

    at = clock.now() + timedelta(days=moves.FAR)
    for name in schemas(count):
        create_tenant(NewTenant(name, name, f"{name}.localhost", country="US"))
        with context.entered(name):
            Partner.objects.create(name=name, reference=moves.REFERENCE, country="US")
            for key in ("canary", "w0", "w1", "w2"):
                due.schedule(moves.KIND, key, at, subject=name)
            cache.set("canary", name, None)


def work(requests: int, names: list[str], seed: int) -> Result:
    """Move about in one thread until so many reads are compared."""
    from django.db import connection

    from faults import moves

    chance, result = random.Random(seed), Result()
    kinds = [move for move, _often in moves.MOVES]
    weights = [often for _move, often in moves.MOVES]
    try:
        while result.requests < requests:
            move = chance.choices(kinds, weights)[0]
            for wanted, word, way in move(names, chance):
                result.requests += 1
                result.by_way[move.__name__] += 1
                if word != wanted:
                    result.wrong.append(f"{move.__name__}, {way}: {word!r} instead of {wanted!r}")
    finally:
        connection.close()
    return result


def threads(requests: int, names: list[str], count: int, seed: int) -> Result:
    """Share the reads among threads, each with a connection of its own."""
    result = Result()
    with ThreadPoolExecutor(count) as pool:
        shares = [
            pool.submit(work, requests // count, names, seed * 1_000 + n) for n in range(count)
        ]
        for share in shares:
            result.add(share.result())
    return result


def run(requests: int, *, tenants: int, processes: int, each: int, seed: int = 1) -> Result:
    """Share the reads among processes that use this process's database; the tenants are there."""
    from django.db import connection

    began = time.monotonic()
    database = str(connection.settings_dict["NAME"])
    share = requests // (processes + 1)
    wanted = [str(share), str(tenants), str(each)]
    others = [
        subprocess.Popen(
            [
                sys.executable,
                "-m",
                "faults.isolation",
                "--worker",
                database,
                *wanted,
                str(seed + n),
            ],
            stdout=subprocess.PIPE,
        )
        for n in range(1, processes + 1)
    ]
    result = threads(requests - share * processes, schemas(tenants), each, seed)
    for other in others:
        told, _nothing = other.communicate()
        if other.returncode:
            result.wrong.append(f"a worker ended with {other.returncode}")
            continue
        read = json.loads(told)
        result.add(Result(read["requests"], 0, Counter(read["by_way"]), read["wrong"]))
    result.wrong += strayed(schemas(tenants))
    result.seconds = time.monotonic() - began
    return result


def strayed(names: list[str]) -> list[str]:
    """Return every row of the stress that lies in another tenant than the one it names."""
    from faults import moves
    from prm.due.models import DueRow
    from prm.tenancy import context

    found = []
    for name in names:
        with context.entered(name):
            rows = DueRow.objects.filter(kind=moves.KIND).exclude(subject=name)
            found += [f"{name} holds a row of {row.subject!r}" for row in rows]
    return found


def main(words: list[str]) -> int:
    """Run on a database made for it; or be one of its workers."""
    if words[:1] == ["--worker"]:
        database, requests, tenants, each, seed = words[1:]
        _set_up(database)
        result = threads(int(requests), schemas(int(tenants)), int(each), int(seed))
        told = {"requests": result.requests, "by_way": result.by_way, "wrong": result.wrong}
        print(json.dumps(told))
        return 0
    parser = argparse.ArgumentParser(prog="python -m faults.isolation", description=__doc__)
    parser.add_argument("--requests", type=int, default=REQUESTS)
    parser.add_argument("--tenants", type=int, default=TENANTS)
    parser.add_argument("--processes", type=int, default=PROCESSES, help="besides this one")
    parser.add_argument("--threads", type=int, default=THREADS, help="in each process")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(words)
    _set_up()
    _static_files()
    with _database():
        prepare(options.tenants)
        result = run(
            options.requests,
            tenants=options.tenants,
            processes=options.processes,
            each=options.threads,
            seed=options.seed,
        )
    print(json.dumps(_told(result, options)))
    return 1 if result.wrong else 0


def _told(result: Result, options: argparse.Namespace) -> dict[str, Any]:
    return {
        "name": "isolation: wrong-tenant reads",
        "value": len(result.wrong),
        "bar": 0,
        "requests": result.requests,
        "tenants": options.tenants,
        "seconds": round(result.seconds, 1),
        "by_way": dict(result.by_way),
        "first": result.wrong[:5],
    }


def _set_up(database: str = "") -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prm.settings.dev")
    os.environ["PRM_DEMO"] = "0"
    import django

    django.setup()
    logging.disable(logging.CRITICAL)  # tasks without a tenant complain, as they should
    if database:
        from benchmarks.database import use

        use(database)


def _static_files() -> None:
    """Pages name them by their digests."""
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)


@contextmanager
def _database() -> Iterator[None]:
    """An empty database of its own, dropped afterwards; what is in the cache goes as well."""
    from psycopg import sql

    from benchmarks import database
    from tenants import schemas as making
    from tenants import traces
    from tenants.models import Tenant

    database.drop(DATABASE)
    with database.server_connection() as server:
        server.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(DATABASE))
        )
    database.use(DATABASE)
    try:
        making.migrate("public")
        yield
        for tenant in Tenant.objects.all():
            traces.remove_cache_keys(tenant)
    finally:
        database.drop(DATABASE)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
