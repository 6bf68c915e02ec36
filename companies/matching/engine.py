"""Find the companies that are probably the one asked for.

The one function behind availability, submission, review, imports and the benchmark.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import OperationalError, connection, transaction

from companies.matching import candidates, score, tuning, versions, vocabulary
from companies.matching.beside import Beside
from companies.matching.candidates import Bounds, Candidate
from companies.matching.keys import (
    ACRONYM,
    ALIAS,
    COMPACT,
    INITIALS,
    WORD,
    Key,
    query_keys,
    stored_keys,
    word_key,
)
from companies.matching.normalise import MAX_INPUT, NameForm, newest, normalise
from companies.matching.rating import Rater
from companies.matching.tuning import Tuning
from companies.matching.values import Answer, CompanyQuery, Match
from companies.matching.vocabulary import Near

Forms = Mapping[int, Sequence[NameForm]]
MAX_FORMS = 3
_SPELLING = (INITIALS, ACRONYM)
_NAMES = "SELECT count FROM companies_keycount WHERE key = %s"


def find(
    query: CompanyQuery, *, limit: int = 10, tuned: Tuning | None = None, patient: bool = False
) -> list[Match]:
    """Companies that are probably the one asked for, best first; empty for names without words
    unless a domain or number leads somewhere.

    Never raises for any text. Reads the active tenant in four statements; what was committed
    before the call is found. `tuned` tries settings that are not saved; `patient` is for work in the
    background, which completes what a page had no time for.
    """
    return list(look_up(query, limit=limit, tuned=tuned, patient=patient).matches)


def look_up(
    query: CompanyQuery, *, limit: int = 10, tuned: Tuning | None = None, patient: bool = False
) -> Answer:
    """Like `find`, and says whether the database ran out of time (then only equal names, known
    aliases and domains were compared)."""
    forms = _forms(query.name)
    beside = Beside.of(query)
    if not any(forms.values()) and not beside.finds:
        return Answer()
    every = [form for of_version in forms.values() for form in of_version]
    keys = list(dict.fromkeys(key for form in every for key in query_keys(form)))
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            bounds = candidates.PATIENT if patient else candidates.Bounds()
            return _Search(query, forms, beside, cursor, tuned).run(keys, limit, bounds)
    except OperationalError as error:
        if not _timed_out(error):
            raise
    few = [key for key in keys if key.kind in (COMPACT, ALIAS)]
    return _exact_only(query, forms, beside, few, limit, tuned)


def _forms(name: str) -> Forms:
    """The name's forms in each version that the tenant asks, the newest first."""
    if len(name) > MAX_INPUT:
        return {}
    return {version: normalise(name, version)[:MAX_FORMS] for version in versions.asked()}


def least_shown(tuned: Tuning) -> float:
    """The lowest score that is shown in the active tenant under these settings."""
    with connection.cursor() as cursor:
        cursor.execute(_NAMES, [candidates.TOTAL])
        row = cursor.fetchone()
    return score.threshold(row[0] if row else 0) + tuned.threshold_offset


def compare(one: str, other: str, *, tuned: Tuning | None = None) -> float:
    """The score of two names without rivals, with the active tenant's word counts and settings; 0 if
    either has no words."""
    forms, others = normalise(one[:MAX_INPUT])[:MAX_FORMS], normalise(other[:MAX_INPUT])[:1]
    if not forms or not others:
        return 0.0
    right = others[0]
    asked = {key.hash for form in forms for key in query_keys(form) if key.kind in _SPELLING}
    spelled = not asked.isdisjoint(stored_keys(right))
    stored = Candidate(
        0,
        other,
        right.kind,
        "IMPORT",
        right.core,
        right.compact,
        right.tokens,
        spelled,
        "",
        None,
        (),
    )
    with transaction.atomic(), connection.cursor() as cursor:
        search = _Search(CompanyQuery(one), {newest(): forms}, Beside(), cursor, tuned)
        return search.rate(stored)


def _exact_only(
    query: CompanyQuery,
    forms: Forms,
    beside: Beside,
    few: Sequence[Key],
    limit: int,
    tuned: Tuning | None,
) -> Answer:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            search = _Search(query, forms, beside, cursor, tuned)
            answer = search.run(few, limit, candidates.Bounds())
    except OperationalError as error:
        if not _timed_out(error):
            raise
        return Answer(partial=True)
    return Answer(answer.matches, partial=True)


def _timed_out(error: OperationalError) -> bool:
    return getattr(error.__cause__, "sqlstate", None) == "57014"


class _Search:
    """One query with what the database said about its words."""

    def __init__(
        self,
        query: CompanyQuery,
        forms: Forms,
        beside: Beside,
        cursor: Any,
        tried: Tuning | None,
    ) -> None:
        self.query = query
        self.forms = forms
        self.tokens = dict.fromkeys(
            token for of_version in forms.values() for form in of_version for token in form.tokens
        )
        self.beside = beside
        self.cursor = cursor
        self.tried = tried
        self.tuned = tried or tuning.NEUTRAL
        self.known: dict[int, int] = {}
        self.names = 0

    def run(self, keys: Sequence[Key], limit: int, bounds: Bounds) -> Answer:
        """Choose keys, fetch candidates, score them, keep the best of each company."""
        before = self._count((key.hash for key in keys), bounds)
        others = [Key(WORD, other) for word in self.tokens for other in self.tuned.others(word)]
        if others:
            self._count((key.hash for key in others), bounds)
        keys = [*keys, *others]
        near = self._near(keys)
        found = candidates.pick(
            self.cursor,
            candidates.choose(keys, self.known, near),
            [key.hash for key in keys if key.kind in _SPELLING],
            self.beside.domain,
            self.query.exclude_company_id,
            self.beside.numbers if self.beside.asks_facts or len(self.forms) > 1 else None,
            versions=list(self.forms) if len(self.forms) > 1 else None,
        )
        found = [one for one in found if one.company_id != self.query.exclude_company_id]
        found = [one for one in found if one.verdict != "DIFFERENT"]
        tokens = {*self.tokens, *(token for one in found for token in one.tokens)}
        self._count(map(word_key, tokens), before)
        return Answer(tuple(self._rater().best(found, limit)))

    def _count(self, hashes: Iterable[int], bounds: Bounds) -> Bounds:
        """Learn how many names carry these keys, and the tenant's settings; returns the bounds
        that were in force before."""
        counted = candidates.counts(self.cursor, [candidates.TOTAL, *hashes], bounds)
        self.known |= counted.known
        self.names = self.known.get(candidates.TOTAL, 0)
        if self.tried is None:
            self.tuned = tuning.parse(counted.tuning)
        return counted.before

    def _near(self, keys: Sequence[Key]) -> list[Near]:
        """Stored words that rare words of the name may be mistyped forms of."""
        rare = [
            key.text
            for key in keys
            if key.kind == WORD
            and key.text in self.tokens
            and self.known.get(key.hash, 1) <= candidates.MISTYPED_UP_TO
        ]
        return vocabulary.neighbours(self.cursor, rare)

    def rate(self, one: Candidate) -> float:
        """The score of one stored name, shown or not."""
        tokens = {*one.tokens, *self.tokens}
        self._count(map(word_key, tokens), candidates.Bounds())
        return self._rater().alone(one)

    def _rater(self) -> Rater:
        first = next(iter(self.forms.values()), ())
        return Rater(self.query, first, self.beside, self.tuned, self.known, self.names, self.forms)


def name_rows(raw: str, made: Sequence[int] | None = None) -> list[dict[str, Any]]:
    """The columns of the rows that store a name in the versions that the tenant writes, or in these."""
    return [
        {**row, "norm_version": version}
        for version in (versions.asked() if made is None else made)
        for row in name_row(raw, version)
    ]


def name_row(raw: str, version: int | None = None) -> list[dict[str, Any]]:
    """The columns of the rows that store a name: one per form, ready for CompanyName."""
    return [
        {
            "form": form.kind,
            "core": form.core,
            "compact": form.compact,
            "tokens": list(form.tokens),
            "keys": stored_keys(form),
        }
        for form in normalise(raw, version)
    ]
