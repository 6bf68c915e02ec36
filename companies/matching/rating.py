"""From stored names that share keys with a query to rated matches. No database.

All are compared at a first glance; the best of these closely, each also against the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from companies.matching import background, facts, ledger, points, rivals, score, seeds
from companies.matching.align import SHORT, Alignment, Side, align
from companies.matching.beside import Beside
from companies.matching.candidates import Candidate
from companies.matching.keys import word_key
from companies.matching.ledger import Compared, Line
from companies.matching.normalise import NameForm, normalise
from companies.matching.tuning import Tuning
from companies.matching.values import CompanyQuery, Evidence, Level, Match

Facts = tuple[float, ...]
CLOSELY = 60
"""So many companies are compared closely."""
FEW_LETTERS = 4
RIVALS = 25
"""So many of these are compared with each other."""
_HUMAN = ("ALIAS", "CONFIRMED")
_TIES = ("same_domain", "same_number", "remembered")


@dataclass(slots=True)
class Glance:
    """A stored name as it looks at first: which form of the query it is like, and how much."""

    one: Candidate
    left: Side | None
    right: Side
    aligned: Alignment | None
    points: float
    alias: float = 0.0
    beside: tuple[Line, ...] = ()

    @property
    def order(self) -> float:
        """What decides whether it is looked at closely."""
        return self.points + self.alias + sum(added for _, _, added in self.beside)


Close = tuple[Glance, Compared | None]


@dataclass(frozen=True, slots=True)
class Rater:
    """A query with what is known about its words in the tenant."""

    query: CompanyQuery
    forms: Sequence[NameForm]
    beside: Beside
    tuned: Tuning
    known: Mapping[int, int]
    names: int
    by_version: Mapping[int, Sequence[NameForm]] = field(default_factory=dict)
    """The query's forms as each version of the normaliser makes them, while there are two."""

    def best(self, found: Iterable[Candidate], limit: int) -> list[Match]:
        """The best-scoring names, one per company, best first."""
        close = [(glance, self._compare(glance)) for glance in self._closely(found)]
        close.sort(key=lambda pair: (-pair[1].total if pair[1] else 0.0, pair[0].one.company_id))
        among = self._among_others(close)
        for glance, compared, standing in among:
            if compared and not glance.alias:
                compared.among = _among(standing)
                if compared.among[2] < 0 and ledger.only_place_differs(compared):
                    compared.among = None  # a better match makes a sister company no less related
        equal = [c.total for g, c, _ in among if c and not g.alias and c.facts["same"]]
        rated = []
        for glance, compared, _ in among:
            if glance.alias and equal:
                glance.alias = self._beside_equal(glance.alias, max(equal))
            total = glance.alias or (compared.total if compared else 0.0)
            total += sum(added for _, _, added in glance.beside)
            rated.append((total, glance, compared))
        rated.sort(key=lambda item: (-item[0], not item[1].alias, item[1].one.company_id))
        matches: list[Match] = []
        for total, glance, compared in rated:
            if len(matches) == limit or total + 1 < self._threshold():
                break
            match = self._match(glance, compared)
            if match is not None:
                matches.append(match)
        return matches

    def _beside_equal(self, alias: float, equal: float) -> float:
        """A known alias where the very name exists, too. The name itself is nearer than another name
        for it, unless it is a few letters: dozens are called "P.G."."""
        if any(len(form.compact) > FEW_LETTERS for form in self.forms):
            return min(alias, equal - 1)
        return max(alias, equal)

    def _among_others(self, close: Sequence[Close]) -> list[tuple[Glance, Compared | None, Facts]]:
        """The likeliest, and whoever has evidence beside the name, each with how its name stands
        among the other names. Two companies of one name are no rivals: both may be meant."""
        best: dict[str, float] = {}
        for glance, compared in close:
            likeness = compared.total - score.SHIFT if compared else 0.0
            if len(best) < RIVALS or glance.alias or glance.beside:
                best.setdefault(glance.one.compact, likeness)
        standing = dict(zip(best, rivals.measure(list(best.values())), strict=True))
        kept = [
            (glance, compared, standing[glance.one.compact])
            for glance, compared in close
            if glance.one.compact in standing
        ]
        return kept

    def alone(self, one: Candidate) -> float:
        """The score of one stored name without rivals, shown or not."""
        glance = self._glance(self._sides(self._forms(one)), one)
        compared = self._compare(glance)
        return glance.alias or (compared.total if compared else 0.0)

    def _closely(self, found: Iterable[Candidate]) -> list[Glance]:
        """The companies that look best at first."""
        sides: dict[int, list[Side]] = {}
        by_company: dict[int, Glance] = {}
        for one in found:
            if one.version not in sides:
                sides[one.version] = self._sides(self._forms(one))
            glance = self._glance(sides[one.version], one)
            held = by_company.get(one.company_id)
            if held is None or glance.order > held.order:
                by_company[one.company_id] = glance
        order = sorted(by_company.values(), key=lambda g: (-g.order, g.one.company_id))
        return order[:CLOSELY]

    def _forms(self, one: Candidate) -> Sequence[NameForm]:
        """The query's forms, made by the version that made the stored name."""
        return self.by_version.get(one.version, self.forms)

    def _sides(self, forms: Sequence[NameForm]) -> list[Side]:
        return [self._side(form, form.kind, self.query.name) for form in forms]

    def _glance(self, sides: Sequence[Side], one: Candidate) -> Glance:
        right = self._side(one, one.form, one.raw)
        best = Glance(one, None, right, None, 0.0)
        for left in sides:
            aligned = align(left, right, one.spelled)
            total = score.glance(left, right, aligned)
            if best.left is None or total > best.points:
                best = Glance(one, left, right, aligned, total)
        best.alias = self._known_alias(one)
        best.beside = tuple(self._beside(one))
        return best

    def _compare(self, glance: Glance) -> Compared | None:
        if glance.left is None or glance.aligned is None:
            return None
        tables, _ = points.shipped()
        values = facts.measure(glance.left, glance.right, glance.aligned)
        return Compared(
            glance.left,
            glance.right,
            glance.aligned,
            dict(zip(tables.facts, values, strict=True)),
            dict(zip(tables.facts, tables.shares(values), strict=True)),
            tables.start + score.SHIFT,
        )

    def _match(self, glance: Glance, compared: Compared | None) -> Match | None:
        one = glance.one
        evidence = ledger.settle(self._lines(glance, compared))
        total = float(sum(line.points for line in evidence))
        level = score.level_of(total, self._threshold())
        if level is None:
            return None
        if compared and not glance.alias and _is_short_only(compared, evidence):
            level = Level.POSSIBLE
        related = one.verdict == "RELATED" or bool(compared and ledger.only_place_differs(compared))
        return Match(one.company_id, total, level, evidence, one.raw, related)

    def _known_alias(self, one: Candidate) -> float:
        """Points for two names of one well-known organisation that are not the same name."""
        groups = set(seeds.groups(one.compact))
        for form in self._forms(one):
            if form.compact != one.compact and groups.intersection(seeds.groups(form.compact)):
                short = min(len(form.core), len(one.core)) <= 2  # "ge", but not "p and g"
                return float(score.KNOWN_ALIAS_SHORT if short else score.KNOWN_ALIAS)
        return 0.0

    def _lines(self, glance: Glance, compared: Compared | None) -> list[Line]:
        one = glance.one
        lines: list[Line] = []
        if glance.alias:
            params = {"new": self.query.name.strip(), "old": one.raw}
            lines.append(("known_alias", params, glance.alias))
        elif compared:
            seen = {token: self.known.get(word_key(token), 0) for token in compared.left.tokens}
            lines += ledger.name_lines(compared, seen, self.names)
        lines += glance.beside
        lines += ledger.legal_line([*self.forms[:1], *normalise(one.raw)[:1]])
        if one.verdict == "RELATED":
            lines.append(("said_related", {}, 0.0))
        elif compared and not glance.alias and ledger.only_place_differs(compared):
            lines.append(("place_differs", {}, 0.0))
        return lines

    def _beside(self, one: Candidate) -> list[Line]:
        """Whether a person confirmed this spelling, and everything that is known besides the name."""
        lines: list[Line] = []
        if one.source in _HUMAN and any(form.compact == one.compact for form in self._forms(one)):
            lines.append(("remembered", {"name": one.raw}, score.REMEMBERED))
        return [*lines, *self.beside.lines(one)]

    def _threshold(self) -> float:
        return score.threshold(self.names) + self.tuned.threshold_offset

    def _side(self, name: NameForm | Candidate, form: str, raw: str) -> Side:
        tokens = tuple(name.tokens)
        compact = name.compact
        if self.tuned.groups:
            tokens = tuple(map(self.tuned.token, tokens))
            compact = "".join(tokens)
        unknown = 1 if self.names else 0
        weights = tuple(
            self.tuned.weight(
                token,
                background.rarity(token, self.known.get(word_key(token), unknown), self.names),
            )
            for token in tokens
        )
        return Side(tokens, weights, tuple(name.core.split()), compact, form == "MAIN", raw)


def _among(values: Sequence[float]) -> Line:
    """What a name gains or loses by the others that were found."""
    _, tables = points.shipped()
    added = tables.start + sum(tables.shares(values))
    better, near = int(values[1]), int(values[3])
    if better:
        return ("others_better", {"count": better}, added)
    return ("others_near", {"count": near}, added) if near else ("no_other", {}, added)


def _is_short_only(compared: Compared, evidence: Sequence[Evidence]) -> bool:
    """Whether all that ties the names is that two or three letters could be short for one."""
    pairs = compared.aligned.pairs
    tied = any(line.code in _TIES for line in evidence)
    return (
        bool(pairs) and not tied and all(pair.how == SHORT and pair.letters <= 3 for pair in pairs)
    )
