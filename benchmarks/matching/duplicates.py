"""Many submissions of the same few new customers at once, on real connections: is one missed?

Equal names wait for each other, so all but the first see a rival in their own check. Names that are
only alike do not wait; for them the second look after the commit has to see every rival.
"""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier

from django.db import connection, transaction

from companies import matching, services
from companies.matching import CompanyQuery
from prm.tenancy import context

THREADS = 12


@dataclass(frozen=True, slots=True)
class Submitted:
    """One submission: what was typed, its company, and how many rivals its own check saw."""

    typed: str
    company_id: int
    seen: int


def submit_all(schema: str, names: Sequence[str], *, threads: int = THREADS) -> list[Submitted]:
    """Submit every name, as many at the same instant as there are threads; each commits."""
    barrier = Barrier(min(threads, len(names)))

    def work(own: Sequence[str]) -> list[Submitted]:
        try:
            with context.entered(schema):
                barrier.wait(timeout=30)
                return [_submit(name) for name in own]
        finally:
            connection.close()

    parts = [names[at::threads] for at in range(min(threads, len(names)))]
    with ThreadPoolExecutor(len(parts)) as pool:
        return [done for part in pool.map(work, parts) for done in part]


def missed(done: Sequence[Submitted]) -> int:
    """Submissions that saw no rival in their own check although an equal name was committed before,
    and those that see none in the second look."""
    first = Counter(matching.compact_of(one.typed) for one in done)
    blind = Counter(matching.compact_of(one.typed) for one in done if not one.seen)
    unseen = sum(max(0, blind[compact] - 1) for compact, times in first.items() if times > 1)
    return unseen + sum(not _rivals(one.typed, one.company_id) for one in done)


def _submit(name: str) -> Submitted:
    with transaction.atomic():
        company = services.identify(name=name, country="US", actor=None)
        return Submitted(name, company.pk, _rivals(name, company.pk))


def _rivals(name: str, company_id: int) -> int:
    found = matching.find(CompanyQuery(name, country="US", exclude_company_id=company_id))
    return len(found)
