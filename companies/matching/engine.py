"""Find the companies that are probably the one asked for.

The one function behind availability, submission, review, imports and the benchmark.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import OperationalError, connection, transaction

from companies.domains import identifying, label_of
from companies.matching import background, candidates, ledger, score, seeds, tuning, vocabulary
from companies.matching.align import SHORT, Side, align
from companies.matching.candidates import Candidate
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
from companies.matching.ledger import Compared, Line
from companies.matching.normalise import MAX_INPUT, NameForm, normalise
from companies.matching.tuning import Tuning
from companies.matching.values import Answer, CompanyQuery, Evidence, Level, Match
from companies.matching.vocabulary import Near

MAX_FORMS = 3
MAX_SHORT_ONLY = 3
"""At most so many names whose only tie is that two or three letters could be short for them."""
_SPELLING = (INITIALS, ACRONYM)
_HUMAN = ("ALIAS", "CONFIRMED")


def find(query: CompanyQuery, *, limit: int = 10, tuned: Tuning | None = None) -> list[Match]:
    """Companies that are probably the one asked for, best first; empty for names without words.

    Never raises for any text. Reads the active tenant in five statements; what was committed
    before the call is found. `tuned` tries settings that are not saved.
    """
    return list(look_up(query, limit=limit, tuned=tuned).matches)


def look_up(query: CompanyQuery, *, limit: int = 10, tuned: Tuning | None = None) -> Answer:
    """Like `find`, and says whether the database ran out of time (then only equal names, known
    aliases and domains were compared)."""
    forms = normalise(query.name)[:MAX_FORMS] if len(query.name) <= MAX_INPUT else ()
    domain = identifying(query.domain)
    if not forms and not domain:
        return Answer()
    keys = list(dict.fromkeys(key for form in forms for key in query_keys(form)))
    tuned = tuning.current() if tuned is None else tuned
    words = dict.fromkeys(token for form in forms for token in form.tokens)
    keys += [Key(WORD, other) for word in words for other in tuned.others(word)]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            return _Search(query, forms, domain, cursor, tuned).run(keys, limit)
    except OperationalError as error:
        if not _timed_out(error):
            raise
    few = [key for key in keys if key.kind in (COMPACT, ALIAS)]
    return _exact_only(query, forms, domain, few, limit, tuned)


def least_shown(tuned: Tuning) -> float:
    """The lowest score that is shown in the active tenant under these settings."""
    with connection.cursor() as cursor:
        known, _ = candidates.counts(cursor, [candidates.TOTAL], candidates.Bounds())
    return score.threshold(known.get(candidates.TOTAL, 0)) + tuned.threshold_offset


def compare(one: str, other: str, *, tuned: Tuning = tuning.NEUTRAL) -> float:
    """The score of two names, with the active tenant's word counts; 0 if either has no words."""
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
        return _Search(CompanyQuery(one), forms, "", cursor, tuned).rate(stored)


def _exact_only(
    query: CompanyQuery,
    forms: Sequence[NameForm],
    domain: str,
    few: Sequence[Key],
    limit: int,
    tuned: Tuning,
) -> Answer:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            answer = _Search(query, forms, domain, cursor, tuned).run(few, limit)
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
        forms: Sequence[NameForm],
        domain: str,
        cursor: Any,
        tuned: Tuning,
    ) -> None:
        self.query = query
        self.forms = forms
        self.domain = domain
        self.cursor = cursor
        self.tuned = tuned
        self.known: dict[int, int] = {}
        self.names = 0

    def run(self, keys: Sequence[Key], limit: int) -> Answer:
        """Choose keys, fetch candidates, score them, keep the best of each company."""
        hashes = [candidates.TOTAL, *(key.hash for key in keys)]
        self.known, before = candidates.counts(self.cursor, hashes, candidates.Bounds())
        self.names = self.known.get(candidates.TOTAL, 0)
        near = self._near(keys)
        found = candidates.pick(
            self.cursor,
            candidates.choose(keys, self.known, near),
            [key.hash for key in keys if key.kind in _SPELLING],
            self.domain,
            self.query.exclude_company_id,
        )
        found = [one for one in found if one.company_id != self.query.exclude_company_id]
        found = [one for one in found if one.verdict != "DIFFERENT"]
        tokens = {token for form in self.forms for token in form.tokens}
        tokens.update(token for one in found for token in one.tokens)
        more, _ = candidates.counts(self.cursor, map(word_key, tokens), before)
        self.known |= more
        return Answer(tuple(self._best(found, limit)))

    def _near(self, keys: Sequence[Key]) -> list[Near]:
        """Stored words that rare words of the name may be mistyped forms of."""
        words = {token for form in self.forms for token in form.tokens}
        rare = [
            key.text
            for key in keys
            if key.kind == WORD
            and key.text in words
            and self.known.get(key.hash, 1) <= candidates.MISTYPED_UP_TO
        ]
        return vocabulary.neighbours(self.cursor, rare)

    def rate(self, one: Candidate) -> float:
        """The score of one stored name, shown or not."""
        tokens = {*one.tokens, *(token for form in self.forms for token in form.tokens)}
        hashes = [candidates.TOTAL, *map(word_key, tokens)]
        self.known, _ = candidates.counts(self.cursor, hashes, candidates.Bounds())
        self.names = self.known.get(candidates.TOTAL, 0)
        sides = [self._side(form, form.kind, self.query.name) for form in self.forms]
        return self._name_total(one, self._compare(sides, one))

    def _best(self, found: Iterable[Candidate], limit: int) -> list[Match]:
        """The best-scoring names, one per company."""
        sides = [self._side(form, form.kind, self.query.name) for form in self.forms]
        rated: dict[int, tuple[float, Candidate, Compared | None]] = {}
        for one in found:
            compared = self._compare(sides, one)
            total = sum(points for _, _, points in self._facts_beside_name(one))
            total += self._name_total(one, compared)
            if one.company_id not in rated or total > rated[one.company_id][0]:
                rated[one.company_id] = (total, one, compared)
        order = sorted(rated.values(), key=lambda item: (-item[0], item[1].company_id))
        return self._matches(order, limit)

    def _matches(
        self, order: Iterable[tuple[float, Candidate, Compared | None]], limit: int
    ) -> list[Match]:
        matches: list[Match] = []
        short_only = 0
        for total, one, compared in order:
            if total + 1 < self._threshold() or len(matches) == limit:
                break
            match = self._match(one, compared)
            if match is None:
                continue
            if compared and not self._known_alias(one) and _is_short_only(compared, match.evidence):
                short_only += 1
                if short_only > MAX_SHORT_ONLY:
                    continue
            matches.append(match)
        return matches

    def _match(self, one: Candidate, compared: Compared | None) -> Match | None:
        evidence = ledger.settle(self._lines(one, compared))
        total = float(sum(line.points for line in evidence))
        level = score.level_of(total, self._threshold())
        if level is None:
            return None
        if compared and not self._known_alias(one) and _is_short_only(compared, evidence):
            level = Level.POSSIBLE
        related = one.verdict == "RELATED" or bool(compared and ledger.only_place_differs(compared))
        return Match(one.company_id, total, level, evidence, one.raw, related)

    def _compare(self, sides: Sequence[Side], one: Candidate) -> Compared | None:
        right = self._side(one, one.form, one.raw)
        best: Compared | None = None
        for left in sides:
            aligned = align(left, right, one.spelled)
            points = score.points(score.facts(left, right, aligned))
            compared = Compared(left, right, aligned, points)
            if best is None or compared.total > best.total:
                best = compared
        return best

    def _name_total(self, one: Candidate, compared: Compared | None) -> float:
        alias = self._known_alias(one)
        return alias or (compared.total if compared else 0.0)

    def _known_alias(self, one: Candidate) -> float:
        """Points for two names of one well-known organisation that are not the same name."""
        groups = set(seeds.groups(one.compact))
        for form in self.forms:
            if form.compact != one.compact and groups.intersection(seeds.groups(form.compact)):
                short = min(len(form.core), len(one.core)) <= 2  # "ge", but not "p and g"
                return float(score.KNOWN_ALIAS_SHORT if short else score.KNOWN_ALIAS)
        return 0.0

    def _lines(self, one: Candidate, compared: Compared | None) -> list[Line]:
        alias = self._known_alias(one)
        if alias:
            lines: list[Line] = [
                ("known_alias", {"new": self.query.name.strip(), "old": one.raw}, alias)
            ]
        elif compared:
            seen = {token: self.known.get(word_key(token), 0) for token in compared.left.tokens}
            lines = ledger.name_lines(compared, seen, self.names)
        else:
            lines = []
        lines += self._facts_beside_name(one)
        lines += ledger.legal_line([*self.forms[:1], *normalise(one.raw)[:1]])
        if one.verdict == "RELATED":
            lines.append(("said_related", {}, 0.0))
        elif compared and not alias and ledger.only_place_differs(compared):
            lines.append(("place_differs", {}, 0.0))
        return lines

    def _facts_beside_name(self, one: Candidate) -> list[Line]:
        """Domain, country, and whether a person confirmed this spelling."""
        lines: list[Line] = []
        if one.source in _HUMAN and any(form.compact == one.compact for form in self.forms):
            lines.append(("remembered", {"name": one.raw}, score.REMEMBERED))
        if self.domain and self.domain in one.domains:
            lines.append(("same_domain", {"domain": self.domain}, score.SAME_DOMAIN))
        elif self.domain and label_of(self.domain) in map(label_of, one.domains):
            params = {"new": self.domain, "old": one.domains[0]}
            lines.append(("sister_domain", params, score.SISTER_DOMAIN))
        elif self.domain and one.domains:
            params = {"new": self.domain, "old": one.domains[0]}
            lines.append(("other_domain", params, score.OTHER_DOMAIN))
        elif self.domain and label_of(self.domain) == one.compact:
            lines.append(("domain_label", {"domain": self.domain}, score.DOMAIN_LABEL))
        if self.query.country and one.country:
            same = self.query.country.upper() == one.country
            params = {"new": self.query.country.upper(), "old": one.country}
            lines.append(
                ("same_country", params, score.SAME_COUNTRY)
                if same
                else ("other_country", params, score.OTHER_COUNTRY)
            )
        return lines

    def _threshold(self) -> float:
        return score.threshold(self.names) + self.tuned.threshold_offset

    def _side(self, name: NameForm | Candidate, form: str, raw: str) -> Side:
        tokens = (
            tuple(map(self.tuned.token, name.tokens)) if self.tuned.groups else tuple(name.tokens)
        )
        compact = name.compact if tokens == tuple(name.tokens) else "".join(tokens)
        unknown = 1 if self.names else 0
        weights = tuple(
            self.tuned.weight(
                token,
                background.rarity(token, self.known.get(word_key(token), unknown), self.names),
            )
            for token in tokens
        )
        return Side(tokens, weights, tuple(name.core.split()), compact, form == "MAIN", raw)


def _is_short_only(compared: Compared, evidence: Sequence[Evidence]) -> bool:
    """Whether all that ties the names is that two or three letters could be short for one."""
    pairs = compared.aligned.pairs
    tied = any(line.code in ("same_domain", "remembered") for line in evidence)
    return (
        bool(pairs) and not tied and all(pair.how == SHORT and pair.letters <= 3 for pair in pairs)
    )


def name_row(raw: str) -> list[dict[str, Any]]:
    """The columns of the rows that store a name: one per form, ready for CompanyName."""
    return [
        {
            "form": form.kind,
            "core": form.core,
            "compact": form.compact,
            "tokens": list(form.tokens),
            "keys": stored_keys(form),
        }
        for form in normalise(raw)
    ]
