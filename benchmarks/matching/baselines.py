"""What a user could take instead: pg_trgm on normalised names, rapidfuzz over every name."""

from collections.abc import Callable, Sequence

from django.db import connection
from rapidfuzz import fuzz, process

from benchmarks.matching.files import LabelledPair
from companies import matching
from companies.models import CompanyName

TRIGRAMS = "pg_trgm"
SCORERS: dict[str, Callable[..., float]] = {
    "rapidfuzz_token_set": fuzz.token_set_ratio,
    "rapidfuzz_token_sort": fuzz.token_sort_ratio,
}
_BRUTE_FORCE = 40_000_000
"""So many comparisons at most per scorer: 400 queries over 100,000 names, 40 over a million."""

_SEARCH = """
SELECT raw, similarity(folded, %s) AS likeness FROM bench_folded
WHERE folded %% %s ORDER BY likeness DESC, raw LIMIT 10
"""
Found = Callable[[str], Sequence[tuple[str, float]]]


def folded(name: str) -> str:
    """The normalised name: no case, punctuation, accents or legal form."""
    forms = matching.normalise(name)
    return forms[0].core if forms else ""


def trigrams() -> Found:
    """Search by trigram similarity of normalised names, GIN index, threshold 0.3."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE IF NOT EXISTS bench_folded (raw text, folded text)")
        cursor.execute("TRUNCATE bench_folded")
        cursor.execute(
            "INSERT INTO bench_folded SELECT raw, core FROM companies_companyname"
            " WHERE active AND form = 'MAIN'"
        )
        cursor.execute("SET maintenance_work_mem = '512MB'")
        cursor.execute("CREATE INDEX ON bench_folded USING gin (folded gin_trgm_ops)")
        cursor.execute("ANALYZE bench_folded")
        cursor.execute("SET pg_trgm.similarity_threshold = 0.3")

    def search(typed: str) -> list[tuple[str, float]]:
        text = folded(typed)
        with connection.cursor() as cursor:
            cursor.execute(_SEARCH, [text, text])
            return [(raw, float(likeness)) for raw, likeness in cursor.fetchall()]

    return search


def brute_force(scorer: Callable[..., float]) -> Found:
    """Search by comparing with every normalised name."""
    rows = CompanyName.objects.filter(active=True, form="MAIN").values_list("raw", "core")
    raws, cores = map(list, zip(*rows.iterator(20_000), strict=True))

    def search(typed: str) -> list[tuple[str, float]]:
        found = process.extract(folded(typed), cores, scorer=scorer, processor=None, limit=10)
        return [(raws[at], float(score)) for _, score, at in found]

    return search


def most_queries(names: int) -> int:
    """How many queries brute force may take at a size."""
    return max(20, _BRUTE_FORCE // max(1, names))


def trigram_pairs(pairs: Sequence[LabelledPair]) -> list[float]:
    """Trigram similarity of each pair's normalised names."""
    ones = [folded(pair.one) for pair in pairs]
    others = [folded(pair.other) for pair in pairs]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT similarity(one, other) FROM unnest(%s::text[], %s::text[])"
            " WITH ORDINALITY AS given (one, other, at) ORDER BY at",
            [ones, others],
        )
        return [float(row[0]) for row in cursor.fetchall()]


def scored_pairs(pairs: Sequence[LabelledPair], scorer: Callable[..., float]) -> list[float]:
    """The scorer's likeness of each pair's normalised names."""
    return [float(scorer(folded(pair.one), folded(pair.other))) for pair in pairs]
