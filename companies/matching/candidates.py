"""Which stored names could be the one looked for: three round trips to PostgreSQL.

Reads the tables of the active schema by name, because it sits below the models. Every statement is
bound: by a budget of index entries, by a number of rows, and by a time limit that the database
enforces.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log
from typing import Any

from companies.matching.keys import (
    ACRONYM,
    ALIAS,
    COMPACT,
    INITIALS,
    PREFIX,
    SOUND,
    WORD,
    Key,
    key_hash,
)
from companies.matching.vocabulary import Near
from companies.numbers import Number

TOTAL = key_hash("#", "names")
"""The count kept under this key is the number of active name forms."""
COUNTED_FROM = 4
"""Keys that fewer names carry are not counted: they are rare whatever the number."""
BUDGET = 4000
PER_KEY = 1500
KEEP = 240
PER_OWN_KEY = 0.12
"""What a stored name loses for each of its keys: of two that share as much, the shorter is nearer."""
TIMEOUT_MS = 400

TYPO = "t"
"""Not a kind of stored key: a word key reached through a typing error."""
MISTYPED_UP_TO = 40
"""A word that more names have is not taken for a mistyped one."""

_FACTORS = {
    WORD: 1.0,
    COMPACT: 1.3,
    ALIAS: 3.0,
    INITIALS: 0.9,
    ACRONYM: 0.9,
    SOUND: 0.6,
    PREFIX: 0.45,
    TYPO: 0.8,
}

_COUNTS = """
SELECT key, count::text, NULL, NULL FROM companies_keycount WHERE key = ANY(%s::bigint[])
UNION ALL SELECT NULL, current_setting('statement_timeout'), current_setting('jit'),
                 current_setting('enable_seqscan')
UNION ALL SELECT 0, set_config('statement_timeout', %s, true), set_config('jit', %s, true),
                 set_config('enable_seqscan', %s, true)
UNION ALL (SELECT 1, json_build_array(threshold_offset, stop_words, equivalences)::text, NULL, ''
           FROM companies_matchtuning ORDER BY id DESC LIMIT 1)
"""
_PICK = """
SELECT name.company_id, name.raw, name.form, name.source, name.core, name.compact, name.tokens,
       name.keys && %s::bigint[], company.country,
       (SELECT verdict FROM companies_nameverdict
        WHERE low_id = LEAST(company.id, %s) AND high_id = GREATEST(company.id, %s)),
       ARRAY(SELECT domain FROM companies_companydomain
             WHERE company_id = name.company_id AND active ORDER BY id LIMIT 8)
FROM (
    (SELECT hit.id, sum(asked.weight) - %s * min(hit.keys) AS weight
     FROM unnest(%s::bigint[], %s::bigint[], %s::float8[]) AS asked (key, other, weight)
     CROSS JOIN LATERAL (
         SELECT id, cardinality(keys) AS keys FROM companies_companyname
         WHERE active AND keys @> ARRAY[asked.key, asked.other] LIMIT %s
     ) AS hit
     GROUP BY hit.id ORDER BY weight DESC, hit.id LIMIT %s)
    UNION ALL
    (SELECT own.id, 1000
     FROM companies_companydomain AS known
     JOIN companies_companyname AS own ON own.company_id = known.company_id AND own.active
     WHERE known.active AND known.domain = %s ORDER BY own.id LIMIT 10)
) AS picked
JOIN companies_companyname AS name ON name.id = picked.id
JOIN companies_company AS company ON company.id = name.company_id
ORDER BY picked.weight DESC, name.id
"""
_FACTS = """,
       ARRAY(SELECT ARRAY[scheme, value, validated::text] FROM companies_companynumber
             WHERE company_id = name.company_id ORDER BY id LIMIT 20),
       ARRAY(SELECT DISTINCT city FROM companies_companysite
             WHERE company_id = name.company_id AND city <> '' ORDER BY city LIMIT 20),
       company.industry_id"""
"""What is read of each candidate only if the query has something to compare it with."""
_BY_NUMBER = """
    UNION ALL
    (SELECT own.id, 1000
     FROM unnest(%s::text[], %s::text[]) AS typed (scheme, value)
     JOIN companies_companynumber AS held ON held.value = typed.value AND held.scheme = typed.scheme
     JOIN companies_companyname AS own ON own.company_id = held.company_id AND own.active
     ORDER BY own.id LIMIT 60)
"""


def _with_facts(statement: str) -> str:
    """The statement that also reads numbers, cities and trades, and finds companies by number."""
    columns, rest = statement.split("\nFROM (", 1)
    picked, names = rest.rsplit(") AS picked", 1)
    return f"{columns}{_FACTS}\nFROM ({picked.rstrip()}{_BY_NUMBER}) AS picked{names}"


_PICK_FACTS = _with_facts(_PICK)
_PICK_BOTH = _PICK_FACTS.replace("company.industry_id", "company.industry_id, name.norm_version", 1)
_PICK_BOTH = _PICK_BOTH.replace(
    "\nORDER BY picked", "\nWHERE name.norm_version = ANY(%s::int[])\nORDER BY picked"
)
"""While a tenant goes over to a new version of the normaliser."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One stored name form that shares keys or a domain with the query; spelled if one of the two
    names may be short for all of the other."""

    company_id: int
    raw: str
    form: str
    source: str
    core: str
    compact: str
    tokens: Sequence[str]
    spelled: bool
    country: str
    verdict: str | None
    domains: Sequence[str]
    numbers: Sequence[Sequence[str]] = ()
    """As (scheme, value, "true" if validated); read like the rest only for queries that ask."""
    cities: Sequence[str] = ()
    industry: int | None = None
    version: int = 0
    """Of the normaliser; read only while there are two."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Settings of the transaction: time limit, whether to compile statements (takes longer), and
    whether to read whole tables (the planner expects too much of arrays with many keys)."""

    timeout: str = f"{TIMEOUT_MS}ms"
    jit: str = "off"
    seqscan: str = "off"


PATIENT = Bounds(timeout="20000ms")
"""In the background there is time."""


@dataclass(frozen=True, slots=True)
class Counted:
    """How many names carry each key (rare ones are absent), the bounds until now, and the tenant's
    newest tuning as stored."""

    known: dict[int, int]
    before: Bounds
    tuning: str | None


def counts(cursor: Any, hashes: Iterable[int], bounds: Bounds) -> Counted:
    """Count keys and set the bounds of the statements that follow in this transaction.

    All of it travels in one statement to save round trips.
    """
    cursor.execute(_COUNTS, [list(hashes), bounds.timeout, bounds.jit, bounds.seqscan])
    rows = cursor.fetchall()
    return Counted(
        {key: int(count) for key, count, jit, extra in rows if jit is None and extra is None},
        next(Bounds(*rest) for key, *rest in rows if key is None),
        next((stored for _, stored, jit, extra in rows if jit is None and extra == ""), None),
    )


def choose(
    keys: Sequence[Key], known: dict[int, int], near: Sequence[Near] = ()
) -> list[tuple[int, int, float]]:
    """The keys to look up within the budget, rare ones first: (key, second key, weight).

    `near` are stored words that a word of the name may be a mistyped form of.

    Words that too many names carry count in pairs only, so a name made of common words is found.
    """
    total = known.get(TOTAL, 0)
    rated = [(known.get(key.hash, 1), key.kind, key.text, key.hash) for key in keys]
    rated += [(one.seen, TYPO, one.word, one.key) for one in near]
    rated.sort()
    chosen: list[tuple[int, int, float]] = []
    frequent: list[tuple[int, int]] = []
    spent = 0
    for seen, kind, _, number in rated:
        if seen > PER_KEY or spent + seen > BUDGET:
            if kind == WORD:
                frequent.append((number, seen))
            continue
        spent += seen
        chosen.append((number, number, _FACTORS[kind] * log((total + 1000) / (seen + 1))))
    for at, (one, seen) in enumerate(frequent[:5]):
        for two, other in frequent[at + 1 : 5]:
            chosen.append((one, two, log((total + 1000) / (min(seen, other) + 1))))
    return chosen


def pick(
    cursor: Any,
    chosen: Sequence[tuple[int, int, float]],
    spelling: Sequence[int],
    domain: str,
    company_id: int | None,
    numbers: Sequence[Number] | None = None,
    versions: Sequence[int] | None = None,
) -> list[Candidate]:
    """The stored names with the heaviest shared keys, and those of the domain's company.

    `spelling` are the keys of short forms among the chosen. With a company, what people said about
    it and each candidate comes along. With `numbers`, be they none, so do the companies that have
    one of them, and all candidates' numbers, cities and trades; with `versions`, only names made by
    these come, and each says by which.
    """
    columns = [list(column) for column in zip(*chosen, strict=True)] or [[], [], []]
    values: list[Any] = [
        list(spelling),
        company_id,
        company_id,
        PER_OWN_KEY,
        *columns,
        PER_KEY,
        KEEP,
        domain,
    ]
    if numbers is None:
        cursor.execute(_PICK, values)
    else:
        values += [[one.scheme for one in numbers], [one.value for one in numbers]]
        if versions is None:
            cursor.execute(_PICK_FACTS, values)
        else:
            cursor.execute(_PICK_BOTH, [*values, list(versions)])
    return [Candidate(*row) for row in cursor.fetchall()]
