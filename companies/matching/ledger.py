"""From points to lines of evidence that a person can read and that sum exactly to the score.

Facts that say one thing share a line. Points are whole numbers; what rounding leaves over goes to
the heaviest line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from companies.matching.align import ABBREVIATED, GLUED, SAME, SHORT, Alignment, Pair, Side
from companies.matching.normalise import NameForm, sort_key
from companies.matching.values import Evidence, Params
from companies.matching.words import PLACES, canonical

_PLACES = frozenset(map(canonical, PLACES))
_TYPED = re.compile(r"[^\W_]+")
Line = tuple[str, Params, float]


@dataclass(slots=True)
class Compared:
    """A new and an existing name side by side: how their words pair, and the facts about them with
    what each is worth; `start` is what every name has before anything is compared."""

    left: Side
    right: Side
    aligned: Alignment
    facts: Mapping[str, float]
    points: Mapping[str, float]
    start: float
    among: Line | None = None
    """How the name stands among the others that were found; None while that is not known."""

    @property
    def total(self) -> float:
        """All points of the two names."""
        among = self.among[2] if self.among else 0.0
        return round(self.start + sum(self.points.values()) + among, 6)


def name_lines(compared: Compared, seen: Mapping[str, int], names: int) -> list[Line]:
    """The lines about the two names, in the order in which they are read.

    Each fact has its points in one line only; what has no line of its own here goes to how well
    the names fit overall.
    """
    left = dict(compared.points)
    lines = [
        *_paired(compared, seen, names, left),
        *_short(compared, left),
        *_alone(compared, left),
    ]
    if compared.facts["same"]:
        lines.insert(0, ("same_name", {}, _take(left, "same")))
    if compared.facts["numbers"]:
        lines.append(("numbers_differ", {}, _take(left, "numbers")))
    if compared.facts["aside"]:
        lines.append(("other_form", {}, _take(left, "aside")))
    if compared.among:
        lines.append(compared.among)
    start = compared.start + _take(left, "words", "length")
    lines.append(("start", {"names": names}, start))
    lines.append(("alike", {"percent": _percent(compared)}, sum(left.values())))
    return [line for line in lines if line[2]]


def _take(left: dict[str, float], *names: str) -> float:
    return sum(left.pop(name, 0.0) for name in names)


def legal_line(forms: Sequence[NameForm]) -> list[Line]:
    """Which legal forms were left out of account; worth nothing, but said."""
    names = list(dict.fromkeys(name.upper() for form in forms for name in form.legal))
    return [("legal_form", {"forms": ", ".join(names[:3])}, 0.0)] if names else []


def only_place_differs(compared: Compared) -> bool:
    """Whether the names agree but for words for a place: likely sister companies, not one."""
    left = [compared.left.tokens[at] for at in compared.aligned.left]
    right = [compared.right.tokens[at] for at in compared.aligned.right]
    agree = compared.aligned.pairs and all(pair.agreement > 0.8 for pair in compared.aligned.pairs)
    return bool(agree and (left or right) and _PLACES.issuperset([*left, *right]))


def settle(lines: Sequence[Line]) -> tuple[Evidence, ...]:
    """Whole points per line, summing to the rounded total; heaviest line first within its sign."""
    total = round(round(sum(points for _, _, points in lines), 6))
    rounded = [round(points) for _, _, points in lines]
    if lines:
        heaviest = max(range(len(lines)), key=lambda at: abs(lines[at][2]))
        rounded[heaviest] += total - sum(rounded)
    return tuple(
        Evidence(code, params, points)
        for (code, params, raw), points in zip(lines, rounded, strict=True)
        if points or not raw
    )


def _paired(
    compared: Compared, seen: Mapping[str, int], names: int, left: dict[str, float]
) -> list[Line]:
    pairs = [pair for pair in compared.aligned.pairs if pair.how != SHORT]
    pairs.sort(key=lambda pair: -pair.agreement * _weight(compared, pair))
    if not pairs:
        return []
    first = pairs[0]
    new, old = _text(compared.left, first.left), _text(compared.right, first.right)
    rare = _take(left, "rare")
    lines: list[Line] = []
    if first.how == SAME:
        token = compared.left.tokens[first.left[0]]
        params: Params = {"word": new, "seen": seen.get(token, 0), "names": names}
        lines.append(("shared_word", params, rare))
    elif first.how == GLUED:
        lines.append(("glued_words", {"new": new, "old": old}, rare))
    else:
        code = "abbreviated_word" if first.how == ABBREVIATED else "similar_word"
        lines.append((code, {"new": new, "old": old}, rare))
    words = ", ".join(dict.fromkeys(_text(compared.left, pair.left) for pair in pairs[1:]))
    if words:
        lines.append(("more_words", {"words": words}, _take(left, "second", "rest")))
    return lines


def _short(compared: Compared, left: dict[str, float]) -> list[Line]:
    lines: list[Line] = []
    for pair in compared.aligned.pairs:
        if pair.how == SHORT:
            new, old = _text(compared.left, pair.left), _text(compared.right, pair.right)
            short, long = sorted((new, old), key=len)
            params: Params = {"short": short.upper(), "long": long, "letters": pair.letters}
            lines.append(("short_form", params, _take(left, "short")))
    return lines


def _alone(compared: Compared, left: dict[str, float]) -> list[Line]:
    """Words without a partner, and what doubtful pairs leave uncovered."""
    aligned = compared.aligned
    lines: list[Line] = []
    sides = (
        ("only_new", ("missing_new", "heavy_new", "free_new"), compared.left, aligned.left),
        ("only_old", ("missing_old", "heavy_old", "free_old"), compared.right, aligned.right),
    )
    for code, facts, side, free in sides:
        if free:
            words = ", ".join(_text(side, (at,)) for at in free)
            lines.append((code, {"words": words}, _take(left, *facts)))
    if aligned.left and aligned.right:
        lines.append(("both_differ", {}, _take(left, "least", "most")))
    elif not aligned.left and not aligned.right:
        exact = all(pair.agreement == 1 for pair in aligned.pairs)
        points = _take(left, "missing_new", "missing_old", "least", "most", "worst")
        lines.append(("all_words" if exact else "inexact", {}, points))
    else:
        lines.append(("within", {}, _take(left, "least", "most")))
    return lines


def _text(side: Side, places: Sequence[int]) -> str:
    """The words as they were typed, not their canonical spelling."""
    found = []
    for at in places:
        token = side.tokens[at]
        same = (word for word in side.words if word == token or canonical(word) == token)
        found.append(_as_typed(next(same, token), side.raw))
    return " ".join(found)


def _as_typed(word: str, raw: str) -> str:
    """The word of the typed name that folds to this one; the folded one if there is none."""
    return next((typed for typed in _TYPED.findall(raw) if sort_key(typed) == word), word)


def _weight(compared: Compared, pair: Pair) -> float:
    left = sum(compared.left.weights[at] for at in pair.left)
    return min(left, sum(compared.right.weights[at] for at in pair.right))


def _percent(compared: Compared) -> int:
    return round(100 * compared.facts["letters"])
