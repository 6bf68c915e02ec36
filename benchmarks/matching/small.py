"""Matching in `make bench`: invented names in a scratch tenant, against pg_trgm in the same run."""

import random
from collections.abc import Iterator, Sequence

from benchmarks import names as invented
from benchmarks.figures import Figure, machine, quantile
from benchmarks.matching import baselines, duplicates, engine, measuring, scratch
from benchmarks.matching.files import Query
from benchmarks.matching.measuring import Outcome

SCHEMA = "match_bench"
QUERIES = 300
DUPLICATES = 2_000
_KEYS = "qwertyuiopasdfghjklzxcvbnm"


def run(size: int, say: scratch.Say) -> Iterator[Figure]:
    """Measure matching among so many invented names; yields the figures."""
    chance = random.Random(5)
    companies = [invented.company(number, chance) for number in range(size)]
    asked = [_query(company, chance) for company in chance.sample(companies, QUERIES)]
    with scratch.tenant(SCHEMA, [one.full for one in companies], keep=False, say=say):
        about = {"names": size, "queries": QUERIES, **machine()}
        ours = list(engine.outcomes(asked, engine.ranked, named=engine.own_names))
        theirs = list(engine.outcomes(asked, baselines.trigrams()))
        yield from _compared(ours, theirs, about)
        times = engine.write_times([one.full for one in companies[:400]])
        yield Figure("matching.write.p95", quantile(times, 0.95) * 1000, "ms", 25, conditions=about)
        bytes_ = engine.sizes(size)["bytes_per_name"]
        yield Figure("matching.bytes_per_name", bytes_, "bytes", 2048, conditions=about)
        say(f"{DUPLICATES} duplicates at once")
        typed = [_misspelled("Zyntaxia Quarry Foods GmbH", chance) for _ in range(DUPLICATES // 40)]
        done = duplicates.submit_all(SCHEMA, typed * 40)
        yield Figure("matching.duplicates.missed", duplicates.missed(done), "submissions", 0,
                     conditions={**about, "submissions": len(done), "threads": duplicates.THREADS})  # fmt: skip


def _compared(
    ours: Sequence[Outcome], theirs: Sequence[Outcome], about: dict[str, object]
) -> Iterator[Figure]:
    one = measuring.figures(ours, measuring.fit(ours))
    other = measuring.figures(theirs, measuring.fit(theirs))
    for name in ("recall_at_half_flag", "recall_at_1_flag"):
        mine, trigrams = one[name] or 0, other[name] or 0
        yield Figure(f"matching.{name}", mine, "share", conditions=about)
        yield Figure(f"matching.{name}.to_pg_trgm", mine / max(trigrams, 1e-9), "times", 1,
                     side="at least", conditions={**about, "pg_trgm": trigrams})  # fmt: skip
    for name in ("p50_ms", "p95_ms"):
        mine, trigrams = one[name] or 0, other[name] or 0
        yield Figure(f"matching.{name[:3]}", mine, "ms", conditions={**about, "pg_trgm": trigrams})


def _query(company: invented.CompanyName, chance: random.Random) -> Query:
    typed = company.spelling(chance)
    if chance.random() < 0.5:
        typed = _misspelled(typed, chance)
    return Query("main", "linked", "invented", company.full, typed)


def _misspelled(name: str, chance: random.Random) -> str:
    """The name with one letter left out, doubled, exchanged or swapped with the next."""
    at = chance.choice([at for at, char in enumerate(name[:-1]) if char.isalpha()])
    how = chance.randrange(4)
    if how == 0:
        return name[:at] + name[at + 1 :]
    if how == 1:
        return name[:at] + name[at] + name[at:]
    if how == 2:
        return name[:at] + chance.choice(_KEYS) + name[at + 1 :]
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
