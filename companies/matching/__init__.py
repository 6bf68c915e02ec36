"""Company-name matching: who is this customer?

One engine behind availability, submission, review, imports and the benchmark:

    find(CompanyQuery(name="I.B.M.", country="US")) -> list[Match]

Layers, each importing only those before it: words, legal -> normalise -> versions, seeds, background ->
keys -> vocabulary -> align -> facts, score, points, rivals -> ledger -> candidates, tuning
(PostgreSQL) -> beside -> rating -> engine; explain writes evidence out.
Depends on nothing but `companies.domains`, `companies.numbers` and `companies.enums`, so models and services may use it.
"""

from companies.matching import tuning, versions
from companies.matching.engine import compare, find, least_shown, look_up, name_row, name_rows
from companies.matching.explain import line
from companies.matching.keys import compact_key
from companies.matching.normalise import (
    NORM_VERSION,
    clean,
    compact_of,
    newest,
    normalise,
    sort_key,
)
from companies.matching.values import Answer, CompanyQuery, Evidence, Level, Match
from companies.matching.vocabulary import rows as word_rows

__all__ = [
    "NORM_VERSION",
    "Answer",
    "CompanyQuery",
    "Evidence",
    "Level",
    "Match",
    "clean",
    "compact_key",
    "compact_of",
    "compare",
    "find",
    "least_shown",
    "line",
    "look_up",
    "name_row",
    "name_rows",
    "newest",
    "normalise",
    "sort_key",
    "tuning",
    "versions",
    "word_rows",
]
