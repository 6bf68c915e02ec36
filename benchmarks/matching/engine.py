"""The product's own function over queries and pairs, and what writing a name costs."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice, pairwise

from django.db import connection, transaction

from benchmarks.matching.files import Alias, LabelledPair, Query
from benchmarks.matching.measuring import MOST, Outcome, Shown
from companies import matching, services
from companies.enums import NameSource
from companies.matching import CompanyQuery
from companies.models import Company, CompanyName
from companies.services.writing import write_name

EVERYTHING = matching.tuning.Tuning(threshold_offset=-10_000)
"""Settings under which nothing is below the threshold, so that it can be set afterwards."""

Rated = list[tuple[str, float]]
Found = Callable[[str], Iterable[tuple[str, float]]]


def product(typed: str) -> Rated:
    """Own names and scores of the ten best companies, whatever the threshold."""
    return own_names(ranked(typed))


def ranked(typed: str) -> Rated:
    """The ten best companies by their keys, with their scores: what is timed."""
    found = matching.find(CompanyQuery(typed), limit=MOST, tuned=EVERYTHING)
    return [(str(match.company_id), match.score) for match in found]


def own_names(found: Rated) -> Rated:
    """What the companies are called, whichever of their spellings was found."""
    names = Company.objects.in_bulk([int(key) for key, _score in found])
    return [(names[int(key)].name, score) for key, score in found]


def outcomes(
    queries: Sequence[Query],
    search: Found,
    *,
    rounds: int = 2,
    named: Callable[[Rated], Rated] = list,
) -> Iterator[Outcome]:
    """Ask each query; the time is the best of the rounds, the first of which also warms up.

    `named` turns what was found into names, after the time was taken.
    """
    for query in queries:
        times = []
        for _ in range(rounds):
            started = time.perf_counter()
            found = list(search(query.typed))
            times.append(time.perf_counter() - started)
        target = matching.compact_of(query.target)
        shown = tuple(
            Shown(score, matching.compact_of(name) == target) for name, score in named(found)
        )
        yield Outcome(query, shown[:MOST], min(times))


def pair_scores(pairs: Sequence[LabelledPair]) -> list[float]:
    """The product's score of each pair, with the tenant's own word counts."""
    return [matching.compare(pair.one, pair.other) for pair in pairs]


def remember(aliases: Sequence[Alias]) -> dict[str, int]:
    """Store aliases as the reviewer's decisions they stand for; how many found their company."""
    by_compact = {matching.compact_of(alias.primary) for alias in aliases} - {""}
    keys = [matching.compact_key(compact) for compact in by_compact]
    rows = CompanyName.objects.filter(active=True, form="MAIN", keys__overlap=keys)
    companies = {row.compact: row.company for row in rows.select_related("company").order_by("-pk")}
    stored = 0
    for alias in aliases:
        company = companies.get(matching.compact_of(alias.primary))
        if company is not None:
            stored += bool(write_name(company, matching.clean(alias.alias)[:200], NameSource.ALIAS))
    return {"given": len(aliases), "stored": stored}


def write_times(names: Sequence[str], most: int = 300) -> list[float]:
    """Seconds that the service takes to write a new customer: the middle part of a registration.

    Each is committed, as in life, and taken out again afterwards.
    """
    words = [form.core.split() for raw in names[: most * 2] for form in matching.normalise(raw)[:1]]
    made = (f"{one[0]} {other[-1]} {at}x" for at, (one, other) in enumerate(pairwise(words)))  # fmt: skip
    times, written = [], []
    for name in islice(made, most):
        started = time.perf_counter()
        written.append(services.identify(name=name, country="US", actor=None).pk)
        times.append(time.perf_counter() - started)
    with transaction.atomic():
        Company.objects.filter(pk__in=written).delete()
    return times


_TABLES = {
    "names": ["companies_companyname"],
    "counts": ["companies_keycount"],
    "words": ["companies_companyword"],
    "companies": ["companies_company"],
}


def sizes(names: int) -> dict[str, float]:
    """Bytes per company: rows and indexes of each table that matching needs."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT part, sum(pg_total_relation_size(name::regclass)) FROM unnest(%s::text[], %s::text[])"
            " AS wanted (part, name) GROUP BY part",
            [[part for part, tables in _TABLES.items() for _ in tables],
             [table for tables in _TABLES.values() for table in tables]],
        )  # fmt: skip
        parts = {part: float(size) / max(1, names) for part, size in cursor.fetchall()}
    return {"bytes_per_name": sum(parts[part] for part in ("names", "counts", "words")), **parts}
