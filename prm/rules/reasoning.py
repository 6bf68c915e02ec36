"""What conditions can hold together: cases, and for each field the values that tell them apart.

A condition tree becomes a list of cases, each a list of comparisons that must (or must not) hold. For
every field there are finitely many values between which its comparisons can tell; if none of those
satisfies all comparisons of a case, no value does. So "impossible" is always true; where there would be
too many values or cases to look at, nothing is called impossible.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, localcontext
from itertools import pairwise, product
from typing import Any as Anything

from prm.money import CURRENCIES, Money
from prm.rules.amounts import Amounts
from prm.rules.fields import Field, Kind
from prm.rules.operators import Op, holds
from prm.rules.tree import All, Condition, Node, Not

MAX_CASES = 128
MAX_SETS = 256
_SOME_DAY = date(2000, 1, 1)
_MARKS = "-*~x0123456789abcdefghijklmnopqrstuvwyz"


class TooMany(Exception):
    """The conditions have more cases than are looked at."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A comparison that must hold, or must not."""

    condition: Condition
    wanted: bool = True

    def satisfied(self, fact: Anything) -> bool:
        """Return whether a fact does what is wanted."""
        return holds(self.condition.op, fact, self.condition.value) is self.wanted

    @property
    def values(self) -> tuple[Anything, ...]:
        """The values that the comparison names."""
        value = self.condition.value
        return value if isinstance(value, tuple) else () if value is None else (value,)


Case = tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class Logic:
    """Reasons about conditions; `home` is the portal's currency, in which amounts are known too."""

    home: str = ""

    def cases(self, node: Node, *, wanted: bool = True) -> list[Case]:
        """Return the possible cases in which a tree holds (or does not); raises TooMany."""
        if isinstance(node, Condition):
            return self._possible([(Literal(node, wanted),)])
        if isinstance(node, Not):
            return self.cases(node.item, wanted=not wanted)
        parts = (self.cases(item, wanted=wanted) for item in node.items)
        if isinstance(node, All) is wanted:
            found: list[Case] = [()]
            for part in parts:
                found = self.both(found, part)
            return found
        return _bounded([case for part in parts for case in part])

    def both(self, left: Sequence[Case], right: Sequence[Case]) -> list[Case]:
        """Return the possible cases in which both hold; raises TooMany."""
        return self._possible(one + other for one in left for other in right)

    def covered(self, cases: Sequence[Case], nodes: Iterable[Node]) -> bool:
        """Return whether in every case at least one of the trees holds; raises TooMany."""
        left = list(cases)
        for node in nodes:
            left = self.both(left, self.cases(node, wanted=False))
            if not left:
                return True
        return not left

    def witness(self, case: Case) -> dict[str, Anything]:
        """Return facts that satisfy a possible case, as far as it asks about them."""
        found = {}
        for field, literals in _by_field(case):
            points, _exact = self._points(field, literals)
            found[field.name] = next((p for p in points if _all(literals, p)), None)
        return found

    def _possible(self, cases: Iterable[Case]) -> list[Case]:
        return _bounded([case for case in cases if self.is_possible(case)])

    def is_possible(self, case: Case) -> bool:
        """Return False only when no facts satisfy the case."""
        return all(self._solvable(field, literals) for field, literals in _by_field(case))

    def _solvable(self, field: Field, literals: Sequence[Literal]) -> bool:
        points, exact = self._points(field, literals)
        return not exact or any(_all(literals, point) for point in points)

    def _points(self, field: Field, literals: Sequence[Literal]) -> tuple[list[Anything], bool]:
        """Return values between which the comparisons tell, and whether those are all of them."""
        named = [value for literal in literals for value in literal.values]
        match field.kind:
            case Kind.NUMBER:
                return [*_numbers(named or [Decimal(1)]), None], True
            case Kind.MONEY:
                return [*self._moneys(field, named), None], True
            case Kind.DATE:
                return [*_days(named or [_SOME_DAY]), None], True
            case Kind.YES_NO:
                return [True, False, None], True
            case Kind.CHOICE:
                return [*_codes(field, named), "", None], True
            case Kind.SET:
                return _sets(field, literals)
            case _:
                return [*_texts(literals), "", None], True

    def _moneys(self, field: Field, named: Sequence[Money]) -> Iterator[Money | Amounts]:
        """Yield amounts in every currency that is named and in one that is not."""
        amounts = {money.currency: [] for money in named}  # type: dict[str, list[Decimal]]
        for money in named:
            amounts[money.currency].append(money.amount)
        other = next(code for code in CURRENCIES if code not in amounts)
        homes: set[str] = ({self.home} if self.home else set(amounts)) if field.home_path else set()
        for currency in (*amounts, other):
            for number in _numbers(amounts.get(currency, [])) or [Decimal(1)]:
                given = Money(number, currency)
                yield Amounts(given) if field.home_path else given
                for home in homes - {currency}:
                    for worth in _numbers(amounts.get(home, [])) or [Decimal(1)]:
                        yield Amounts(given, Money(worth, home))


def _bounded(cases: list[Case]) -> list[Case]:
    if len(cases) > MAX_CASES:
        raise TooMany
    return cases


def _all(literals: Sequence[Literal], fact: Anything) -> bool:
    return all(literal.satisfied(fact) for literal in literals)


def _by_field(case: Case) -> Iterator[tuple[Field, list[Literal]]]:
    grouped: dict[str, list[Literal]] = {}
    for literal in case:
        grouped.setdefault(literal.condition.field.name, []).append(literal)
    for literals in grouped.values():
        yield literals[0].condition.field, literals


def _numbers(named: Sequence[Decimal]) -> list[Decimal]:
    """Return every number that is named, one between each two neighbours, one below and one above."""
    with localcontext() as exactly:
        exactly.prec = 200
        marks = sorted(set(named))
        between = [(low + high) / 2 for low, high in pairwise(marks)]
        return [*marks, *between, marks[0] - 1, marks[-1] + 1] if marks else []


def _days(named: Sequence[date]) -> Iterator[date]:
    """Yield every day that is named, and the days before and after."""
    for day in named:
        yield day
        if day > date.min:
            yield day - timedelta(days=1)
        if day < date.max:
            yield day + timedelta(days=1)


def _codes(field: Field, named: Sequence[str]) -> list[str]:
    """Return the codes that are named, those that may be chosen, and one that nobody knows."""
    known = [*named, *(field.options() or ())]
    return [*known, _unlike(known)]


def _unlike(texts: Sequence[str]) -> str:
    """Return a text that none of the others holds."""
    joined = "".join(texts)
    length = next(n for n in range(1, len(joined) + 2) if "?" * n not in joined)
    return next((mark for mark in _MARKS if mark not in joined), "?" * length)


def _texts(literals: Sequence[Literal]) -> Iterator[str]:
    """Yield the texts that are named, and one that starts and holds what it must and little else."""
    named = [value for literal in literals for value in literal.values]
    wanted = [literal for literal in literals if literal.wanted]
    starts = [str(each.condition.value) for each in wanted if each.condition.op is Op.STARTS_WITH]
    within = [str(each.condition.value) for each in wanted if each.condition.op is Op.CONTAINS]
    yield from (value for value in named if isinstance(value, str))
    mark = _unlike([str(value) for value in named])
    yield mark.join([max(starts, key=len, default=""), *within, ""])


def _sets(field: Field, literals: Sequence[Literal]) -> tuple[list[Anything], bool]:
    """Return the empty set and the largest ones that hold nothing they must not.

    "Has any of", "has all of" and "is filled in" gain by every further member; only "has not all of"
    wants one left out, so each choice of those is tried, if there are not too many.
    """
    unwanted: set[str] = set()
    incomplete: list[tuple[str, ...]] = []
    for literal in literals:
        op, values = literal.condition.op, literal.values
        if (op is Op.HAS_NONE and literal.wanted) or (
            op in (Op.HAS, Op.HAS_ANY) and not literal.wanted
        ):
            unwanted.update(values)
        elif op is Op.HAS_ALL and not literal.wanted:
            incomplete.append(values)
    largest = frozenset(_codes(field, [v for each in literals for v in each.values])) - unwanted
    choices = 1
    for values in incomplete:
        choices *= len(values)
    if choices > MAX_SETS:
        return [frozenset(), largest], False
    return [frozenset(), *(largest - set(left) for left in product(*incomplete))], True
