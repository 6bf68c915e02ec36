"""What becomes of the demo's deals, and how often; together all states of the first run."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that is done to a deal, some hours after the one before."""

    name: str
    hours_later: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Fate:
    """One way a deal can go: when it begins and what follows."""

    days_ago: tuple[float, float]
    acts: tuple[Act, ...] = ()
    sends: bool = True
    is_protected: bool = False


_TAKE = Act("take", (1, 6))
_DECIDE = (3.0, 40.0)
_APPROVE = (_TAKE, Act("approve", _DECIDE))
_ALIVE = (
    Act("stage", (24 * 4, 24 * 12)),
    Act("touch", (24 * 15, 24 * 26)),
    Act("stage", (24 * 10, 24 * 25)),
)

FATES: tuple[tuple[Fate, float], ...] = (
    (Fate((0.2, 20), sends=False), 0.04),
    (Fate((0.1, 1.6)), 0.05),
    (Fate((0.8, 3.5), (Act("take", (1, 10)),)), 0.03),
    (Fate((2, 9), (_TAKE, Act("ask", (2, 20)))), 0.03),
    (
        Fate(
            (3, 60),
            (_TAKE, Act("ask", (2, 20)), Act("answer", (5, 30)), Act("approve", _DECIDE)),
            is_protected=True,
        ),
        0.05,
    ),
    (Fate((4, 80), (*_APPROVE, *_ALIVE), is_protected=True), 0.26),
    (Fate((20, 87), _APPROVE, is_protected=True), 0.12),
    (Fate((20, 70), (*_APPROVE, Act("invite_rival", (48, 200))), is_protected=True), 0.04),
    (Fate((5, 104), (_TAKE, Act("reject", _DECIDE))), 0.11),
    (Fate((4, 100), (Act("withdraw", (4, 60)),)), 0.05),
    (Fate((30, 105), (*_APPROVE, *_ALIVE[:2], Act("win", (24, 24 * 20)))), 0.07),
    (Fate((25, 105), (*_APPROVE, _ALIVE[0], Act("lose", (24 * 5, 24 * 30)))), 0.06),
    (Fate((25, 100), (*_APPROVE, Act("release", (24 * 8, 24 * 30)))), 0.02),
    (Fate((93.5, 107), _APPROVE), 0.05),
)
"""Each with its share of the portal's deals."""

RIVALS: tuple[tuple[str, float], ...] = (
    ("protected", 0.25),
    ("pending", 0.1),  # counts twice: both sides have one
    ("direct", 0.1),
    ("restricted", 0.07),
    ("own", 0.1),
)
"""Deals that wait in conflict, as shares of the conflicts wanted; names that are near add the rest."""
