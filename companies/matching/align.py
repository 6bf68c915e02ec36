"""Which words of two names say the same thing. Pure.

Words are paired from certain to doubtful: equal, glued ("sask power", "saskpower"), short for
("ibm"), one typing error, abbreviated, sounding alike. What stays unpaired speaks against.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz.distance import OSA

from companies.matching import background
from companies.matching.keys import sound
from companies.matching.words import FILLER

SAME = "same"
GLUED = "glued"
SHORT = "short"
TYPO = "typo"
ABBREVIATED = "abbreviated"
SOUND = "sound"

_COMMON = 6e-4
"""Two words that are both this common are two words, not one with a typing error."""


@dataclass(slots=True)
class Side:
    """One name as the aligner sees it: canonical tokens with their rarity, all core words, and
    whether it is the main form, and the name as it was typed (only to show words of it)."""

    tokens: tuple[str, ...]
    weights: tuple[float, ...]
    words: tuple[str, ...]
    compact: str
    main: bool = True
    raw: str = ""
    total: float = field(init=False)

    def __post_init__(self) -> None:
        self.total = sum(self.weights) or 1.0


@dataclass(frozen=True, slots=True)
class Pair:
    """Positions of the left and right words that were paired, how, and how well (0 to 1)."""

    how: str
    left: tuple[int, ...]
    right: tuple[int, ...]
    agreement: float
    letters: int = 0
    """How many letters a short form has."""


@dataclass(slots=True)
class Alignment:
    """Pairs, and the positions that found no partner."""

    pairs: list[Pair]
    left: list[int]
    right: list[int]


def align(left: Side, right: Side, spelled: bool = False) -> Alignment:
    """Pair the words of two names, each word once; `spelled` if their keys say that one may be
    short for all of the other."""
    state = Alignment([], list(range(len(left.tokens))), list(range(len(right.tokens))))
    _pair_same(left, right, state)
    if state.left and state.right:
        _pair_glued(left, right, state)
        _pair_short(left, right, state)
    if spelled and not state.pairs:
        _pair_whole(left, right, state)
    if state.left and state.right:
        _pair_similar(left, right, state)
    return state


def _take(state: Alignment, pair: Pair) -> None:
    state.pairs.append(pair)
    state.left = [at for at in state.left if at not in pair.left]
    state.right = [at for at in state.right if at not in pair.right]


def _pair_same(left: Side, right: Side, state: Alignment) -> None:
    if left.compact == right.compact:
        how = SAME if left.tokens == right.tokens else GLUED
        if how == GLUED:
            _take(state, Pair(how, tuple(state.left), tuple(state.right), 1.0))
            return
    places: dict[str, list[int]] = {}
    for at, token in enumerate(right.tokens):
        places.setdefault(token, []).append(at)
    for at, token in enumerate(left.tokens):
        if places.get(token):
            _take(state, Pair(SAME, (at,), (places[token].pop(0),), 1.0))


def _pair_glued(left: Side, right: Side, state: Alignment) -> None:
    for run, text in _runs(left.tokens, state.left):
        for at in state.right:
            if right.tokens[at] == text and set(run) <= set(state.left):
                _take(state, Pair(GLUED, run, (at,), 1.0))
                break
    for run, text in _runs(right.tokens, state.right):
        for at in state.left:
            if left.tokens[at] == text and set(run) <= set(state.right):
                _take(state, Pair(GLUED, (at,), run, 1.0))
                break


def _runs(tokens: Sequence[str], free: Sequence[int]) -> Iterator[tuple[tuple[int, ...], str]]:
    """Two or three neighbouring free words and their glued text."""
    spots = set(free)
    for size in (3, 2):
        for start in range(len(tokens) - size + 1):
            run = tuple(range(start, start + size))
            if spots.issuperset(run):
                yield run, "".join(tokens[start : start + size])


def _pair_short(left: Side, right: Side, state: Alignment) -> None:
    for at in list(state.left):
        run = _spelled_by(left.tokens[at], right, state.right)
        if run:
            _take(state, Pair(SHORT, (at,), run, 1.0, len(left.tokens[at])))
    for at in list(state.right):
        run = _spelled_by(right.tokens[at], left, state.left)
        if run:
            _take(state, Pair(SHORT, run, (at,), 1.0, len(right.tokens[at])))
    if len(left.compact) <= 6 and len(state.left) == len(left.tokens) > 1:
        run = _spelled_by(left.compact, right, state.right)
        if run:
            _take(state, Pair(SHORT, tuple(state.left), run, 1.0, len(left.compact)))
    if len(right.compact) <= 6 and len(state.right) == len(right.tokens) > 1:
        run = _spelled_by(right.compact, left, state.left)
        if run:
            _take(state, Pair(SHORT, run, tuple(state.right), 1.0, len(right.compact)))


def _pair_whole(left: Side, right: Side, state: Alignment) -> None:
    """A name that is one short form, and one that has its letters in all its words."""
    short, long = (left, right) if len(left.compact) <= len(right.compact) else (right, left)
    if len(short.compact) <= 8 and len(short.words) < len(long.words):
        exact = len(long.tokens) == len(short.compact)
        agreement = 1.0 if exact else 0.9
        _take(
            state, Pair(SHORT, tuple(state.left), tuple(state.right), agreement, len(short.compact))
        )


def _spelled_by(short: str, side: Side, free: Sequence[int]) -> tuple[int, ...]:
    """The free neighbouring words whose first letters spell a short form."""
    size = len(short)
    if not 2 <= size <= 8 or not short.isalpha() or len(free) < 2:
        return ()
    letters = "".join(token[0] for token in side.tokens)
    start = letters.find(short)
    while start >= 0:
        run = tuple(range(start, start + size))
        if set(run) <= set(free):
            return run
        start = letters.find(short, start + 1)
    if len(free) == len(side.tokens) and short == "".join(word[0] for word in side.words):
        return tuple(free)
    return ()


def _pair_similar(left: Side, right: Side, state: Alignment) -> None:
    """Take the best remaining pairs of similar words, heaviest first."""
    options = []
    for one in state.left:
        for two in state.right:
            how, agreement = similar(left.tokens[one], right.tokens[two])
            if agreement:
                weight = min(left.weights[one], right.weights[two])
                options.append((agreement * weight, one, two, how, agreement))
    for _, one, two, how, agreement in sorted(options, reverse=True):
        if one in state.left and two in state.right:
            _take(state, Pair(how, (one,), (two,), agreement))


@lru_cache(maxsize=65536)
def similar(one: str, two: str) -> tuple[str, float]:
    """How two different words agree, and how well; ("", 0) if they do not."""
    short, long = sorted((one, two), key=len)
    if not (short.isalpha() and long.isalpha()):
        return "", 0.0  # another number is another thing
    if short[0] != long[0] and len(long) - len(short) > 2:
        return "", 0.0
    if len(short) < 3:
        fits = len(short) == 1 and len(long) > 2 and long[0] == short
        return (ABBREVIATED, 0.35) if fits and one not in FILLER else ("", 0.0)
    allowed = 0 if len(short) < 4 else 1 if len(short) < 8 else 2
    distance = OSA.distance(one, two, score_cutoff=allowed) if allowed else 99
    if distance <= allowed:
        return TYPO, _typo_agreement(one, two, distance)
    if long.startswith(short) and (len(short) >= 4 or len(long) - len(short) > 3):
        return ABBREVIATED, 0.45 + 0.4 * len(short) / len(long)
    if short[0] == long[0] and len(short) >= 5 and sound(short) == sound(long):
        return SOUND, 0.75
    if _contracts(short, long):
        return ABBREVIATED, 0.55
    return "", 0.0


def _typo_agreement(one: str, two: str, distance: int) -> float:
    size = max(len(one), len(two))
    agreement = 1.0 - 1.3 * distance / size
    if one[0] != two[0]:
        agreement -= 0.12
    if min(background.share(one), background.share(two)) > _COMMON:
        agreement -= 0.35
    return max(agreement, 0.2)


def _contracts(short: str, long: str) -> bool:
    """Whether a word is the other one with letters left out ("mgmt", "management")."""
    if len(short) > 5 or len(long) < len(short) + 3 or short[0] != long[0]:
        return False
    letters = iter(long)
    return all(char in letters for char in short) and short[-1] in long[-3:]
