"""Registering a deal: the submission with everything it does, against the same without the conflict check."""

import itertools
import random
import time
import uuid
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any
from unittest.mock import patch

from django.db import connection

from benchmarks import database, generator, names, server
from benchmarks.figures import Figure, machine, median, quantile
from catalog.models import ProductLine
from prm import clock
from prm.tenancy import context
from registrations import services
from registrations.models import Registration
from registrations.services import conflicts
from users.models import User

COUNT, WARM_UP = 60, 10
MILLI = 1_000


def run(size: int, say: generator.Say) -> Iterator[Figure]:
    """Submit drafts in turn with and without the check, each in a transaction that really commits."""
    checked, unchecked, about = _measure(size, generator.USUAL, say)
    yield Figure("registering.p50", median(checked) * MILLI, "ms", conditions=about)
    yield Figure("registering.p95", quantile(checked, 0.95) * MILLI, "ms", 200, conditions=about)
    against = {**about, "against": "the same submission without the conflict check"}
    ratio = median(checked) / median(unchecked)
    yield Figure("registering.without_check.p50", median(unchecked) * MILLI, "ms", conditions=about)
    yield Figure("registering.check_ratio", ratio, "ratio", 3, conditions=against)


def crowded(size: int, say: generator.Say) -> Iterator[Figure]:
    """The same in a tenant of a million companies whose registrations are nearly all open."""
    checked, unchecked, about = _measure(size, generator.CROWDED, say)
    about["companies"] = generator.CROWDED.companies
    slow, quick = quantile(checked, 0.95), quantile(unchecked, 0.95)
    yield Figure("crowded.p95", slow * MILLI, "ms", conditions=about)
    yield Figure("crowded.without_check.p95", quick * MILLI, "ms", conditions=about)
    against = {**about, "against": "the same submission without the conflict check"}
    yield Figure("crowded.check_ratio", slow / quick, "ratio", 3, conditions=against)


def _measure(
    size: int, shape: generator.Shape, say: generator.Say
) -> tuple[list[float], list[float], dict[str, Any]]:
    """Return the seconds of submissions with and without the check, and under which conditions."""
    with database.copy_of(size, say, shape), context.entered(database.TENANT):
        drafts = _drafts(2 * COUNT + WARM_UP, generator.companies_of(size, shape))
        user = User.objects.get(email=generator.SELLER)
        for draft in itertools.islice(drafts, WARM_UP):
            _submit(draft, user)
        say("submissions")
        checked, unchecked = [], []
        for draft, other in itertools.islice(zip(drafts, drafts, strict=False), COUNT):
            checked.append(_submit(draft, user))
            with patch.object(conflicts, "flag", lambda _row: []):
                unchecked.append(_submit(other, user))
        about = {"registrations": size, "submissions": COUNT, "postgresql": server.database_version(),
                 **machine()}  # fmt: skip
        connection.close()
    about["customers"] = "half known under some spelling, half new"
    return checked, unchecked, about


def _drafts(count: int, companies: int) -> Iterator[Registration]:
    """Yield drafts of the seller: every second one for a company that is known under some spelling."""
    chance = random.Random(generator.SEED + 1)
    user = User.objects.get(email=generator.SELLER)
    lines = list(ProductLine.objects.all())
    close = date(clock.now().year + 1, 3, 1)
    for number in range(count):
        known = number // 2 % 2 == 0
        company = names.company(
            chance.randrange(companies) if known else companies + number, chance
        )
        values = {
            "company_name": company.spelling(chance), "website": company.domain if chance.random() < 0.5 else "",
            "country": company.country, "value": Decimal(25_000), "currency": "USD", "expected_close": close,
            "stage": "PROSPECT", "contact_name": "Robin Hale",
        }  # fmt: skip
        draft = services.start_draft(_token(chance), actor=user)
        yield services.save_draft(draft, values, product_lines=[chance.choice(lines)], actor=user)


def _token(chance: random.Random) -> uuid.UUID:
    return uuid.UUID(int=chance.getrandbits(128), version=4)


def _submit(draft: Registration, user: User) -> float:
    """Submit one draft; return the seconds it took, the commit included."""
    started = time.perf_counter()
    services.submit_registration(draft, actor=user)
    return time.perf_counter() - started
