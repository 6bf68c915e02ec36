"""The moves of the isolation stress: each reads canaries in some way and returns what it read of whom.

A move gets the tenants and a source of chance, and yields (schema wanted, word read, what was asked).
Every tenant's word is its own schema's name, so any other word is a wrong-tenant read.
"""

import random
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta

from celery import shared_task
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.test import Client

from partners.models import Partner
from prm import clock, due
from prm.celery import SCHEMA_HEADER, TenantTask
from prm.due.models import DueRow
from prm.tenancy import context
from prm.tenancy.database import connection as tenant_connection

Read = tuple[str, str, str]
Schemas = list[str]
Move = Callable[[Schemas, random.Random], Iterator[Read]]
REFERENCE, KIND = "P-CANARY", "isolation"
WORD = re.compile(r"isolated\d+")
FAR = 400  # days


class Stumble(Exception):
    """What the stress raises itself, to see what is left behind."""


@shared_task(base=TenantTask, ignore_result=False)
def read_in_task() -> list[str]:
    """Read every canary in the tenant of the message's header."""
    return [_orm(), _sql(), _cache(), _due()]


def _orm() -> str:
    return Partner.objects.get(reference=REFERENCE).name


def _sql() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM partners_partner WHERE reference = %s", [REFERENCE])
        return str(cursor.fetchone()[0])


def _cache() -> str:
    return str(cache.get("canary"))


def _due() -> str:
    return DueRow.objects.get(kind=KIND, key="canary").subject


READERS = {"ORM": _orm, "SQL": _sql, "cache": _cache, "due row": _due}


def _one(chance: random.Random) -> tuple[str, str]:
    name = chance.choice(list(READERS))
    return READERS[name](), name


def plain(schemas: Schemas, chance: random.Random) -> Iterator[Read]:
    """Enter a tenant and read."""
    schema = chance.choice(schemas)
    with context.entered(schema):
        yield (schema, *_one(chance))


def nested(schemas: Schemas, chance: random.Random) -> Iterator[Read]:
    """Enter one tenant inside another, several deep, reading on the way in and on the way out."""
    outer, middle, inner = (chance.choice(schemas) for _ in range(3))
    with context.entered(outer):
        yield (outer, *_one(chance))
        with context.entered(middle):
            yield (middle, *_one(chance))
            with suppress(Stumble), context.entered(inner):
                yield (inner, *_one(chance))
                raise Stumble
            yield (middle, *_one(chance))
        yield (outer, *_one(chance))


def rolled_back(schemas: Schemas, chance: random.Random) -> Iterator[Read]:
    """Roll a transaction back in which another tenant was entered; write something on the way."""
    first, second = chance.choice(schemas), chance.choice(schemas)
    with context.entered(first):
        with suppress(Stumble), transaction.atomic():
            DueRow.objects.filter(kind=KIND, key="canary").update(subject="rolled back")
            with context.entered(second):
                if second != first:
                    yield (second, *_one(chance))
            raise Stumble
        yield (first, *_one(chance))
    with context.entered(second):
        yield (second, *_one(chance))


def savepoints(schemas: Schemas, chance: random.Random) -> Iterator[Read]:
    """Fail inside savepoints, in a tenant that was entered there, and go on in the one outside."""
    first, second = chance.choice(schemas), chance.choice(schemas)
    with context.entered(first), transaction.atomic():
        yield (first, *_one(chance))
        with (
            suppress(DatabaseError),
            transaction.atomic(),
            context.entered(second),
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT 1 / 0")
        yield (first, *_one(chance))
        with suppress(Stumble), context.entered(second), transaction.atomic():
            yield (second, *_one(chance))
            raise Stumble
        yield (first, *_one(chance))


def iterated(schemas: Schemas, chance: random.Random) -> Iterator[Read]:
    """Walk a server-side cursor of one tenant while reading another."""
    first, second = chance.choice(schemas), chance.choice(schemas)
    with context.entered(first), transaction.atomic():
        rows = DueRow.objects.filter(kind=KIND).order_by("pk").iterator(chunk_size=1)
        for row in rows:
            yield (first, row.subject, "cursor")
            with context.entered(second):
                yield (second, *_one(chance))
            if chance.random() < 0.5:
                break


def task(schemas: Schemas, chance: random.Random) -> Iterator[Read]:
    """Run a task with another tenant's header than the one that is active, and one without any."""
    active, wanted = chance.choice(schemas), chance.choice(schemas)
    with context.entered(active):
        for word in read_in_task.apply(headers={SCHEMA_HEADER: wanted}).get():
            yield wanted, word, "task"
        yield (active, *_one(chance))
        refused = read_in_task.apply(headers={SCHEMA_HEADER: ""})
        yield active, active if isinstance(refused.result, context.NoTenant) else "ran", "bare task"


def written(schemas: Schemas, chance: random.Random) -> Iterator[Read]:
    """Write a row that names its tenant, after having been elsewhere; the end counts them."""
    first, second = chance.choice(schemas), chance.choice(schemas)
    at = clock.now() + timedelta(days=FAR)
    with context.entered(second):
        yield (second, *_one(chance))
    with context.entered(first):
        due.schedule(KIND, f"w{chance.randrange(20)}", at, subject=first)
        yield first, DueRow.objects.filter(kind=KIND).latest("pk").subject, "written row"


def reconnected(schemas: Schemas, chance: random.Random) -> Iterator[Read]:
    """Lose the connection inside a tenant; the next one must be in it as well."""
    schema = chance.choice(schemas)
    with context.entered(schema):
        yield (schema, *_one(chance))
        connection.close()
        yield (schema, *_one(chance))


def outside(schemas: Schemas, chance: random.Random) -> Iterator[Read]:
    """In public there is nobody's data: neither a table to read nor a task that runs."""
    schema = chance.choice(schemas)
    with context.entered(schema):
        yield (schema, *_one(chance))
    tenant_connection.set_schema_to_public()
    try:
        word = _sql()
    except DatabaseError:
        word = schema
    yield schema, word, "public"
    yield schema, str(cache.get("canary") or schema), "public cache"


def requested(schemas: Schemas, chance: random.Random) -> Iterator[Read]:
    """Ask for a page through the whole stack, from inside another tenant; it names one portal only."""
    schema, active = chance.choice(schemas), chance.choice(schemas)
    with context.entered(active):
        path = chance.choice(
            ["/accounts/login/", "/nothing/here/", "/", "/accounts/password/reset/"]
        )
        page = Client(SERVER_NAME=f"{schema}.localhost", raise_request_exception=False).get(path)
        words = set(WORD.findall(page.content.decode()))
        yield schema, ",".join(sorted(words)) or schema, f"page {path}"
        yield (active, *_one(chance))


MOVES: list[tuple[Move, int]] = [  # and how often of a hundred
    (plain, 20),
    (nested, 15),
    (rolled_back, 12),
    (savepoints, 12),
    (iterated, 6),
    (task, 9),
    (written, 8),
    (reconnected, 1),
    (outside, 7),
    (requested, 10),
]
