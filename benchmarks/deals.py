"""What happened to every registration, drawn from chance alone: no database, no clock.

Protections of one company never overlap in a product line; ledger numbers follow the time of
submission without a gap; every state occurs at any size of nine or more.
"""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from registrations.enums import CloseCode, DeclineCode, Stage, State

YEARS = 2
PROTECTED = timedelta(days=90)
RECENT = timedelta(days=80)
"""Approved ones are this young at most, so that their protections outlast the data's week."""
SHARES = {
    State.APPROVED: 0.12, State.QUEUED: 0.015, State.SUBMITTED: 0.01, State.IN_REVIEW: 0.01,
    State.ACTION_REQUIRED: 0.005, State.DRAFT: 0.03, State.REJECTED: 0.14, State.WITHDRAWN: 0.07,
    State.CLOSED: 0.60,
}  # fmt: skip
ALL_OPEN = {
    State.SUBMITTED: 0.45, State.IN_REVIEW: 0.4, State.ACTION_REQUIRED: 0.1, State.QUEUED: 0.015,
    State.APPROVED: 0.02, State.DRAFT: 0.002, State.REJECTED: 0.002, State.WITHDRAWN: 0.002,
    State.CLOSED: 0.009,
}  # fmt: skip
"""Nearly all undecided: what a vendor would have whose referees have been away for long."""
WAITING = (State.SUBMITTED, State.IN_REVIEW, State.ACTION_REQUIRED)
_RIVALS = 0.2
_TRIES = 25

Span = tuple[datetime, datetime]


@dataclass(slots=True)
class Deal:
    """One registration's facts; numbers refer to partners, people, companies and product lines."""

    partner: int
    owner: int
    company: int
    state: State
    lines: tuple[int, ...]
    started: datetime
    submitted: datetime | None = None
    decided: datetime | None = None
    closed: datetime | None = None
    close_code: CloseCode | str = ""
    decline_code: DeclineCode | str = ""
    period: Span | None = None
    rival: "Deal | None" = None
    ledger: int | None = None
    pk: int = 0
    stage: Stage = Stage.PROSPECT

    @property
    def changed(self) -> datetime:
        """When something happened to it last."""
        return self.closed or self.decided or self.submitted or self.started


@dataclass(slots=True)
class Deals:
    """Draws the deals of one tenant. `people` lists the sellers of each partner, the own one first."""

    size: int
    people: Sequence[Sequence[int]]
    companies: int
    lines: int
    now: datetime
    chance: random.Random
    shares: Mapping[State, float] = field(default_factory=lambda: SHARES)
    held: dict[tuple[int, int], list[Span]] = field(default_factory=lambda: defaultdict(list))
    approved: list[Deal] = field(default_factory=list)
    waiting: list[Deal] = field(default_factory=list)
    spare: int = 0

    def draw(self) -> list[Deal]:
        """Return all deals, numbered in order of submission."""
        owners = self._owners()
        deals = [
            self._one(state, next(owners))
            for state, n in counts(self.size, self.shares)
            for _ in range(n)
        ]
        deals.sort(key=lambda deal: deal.submitted or deal.started)
        number = 0
        for pk, deal in enumerate(deals, start=1):
            deal.pk = pk
            if deal.submitted:
                number += 1
                deal.ledger = number
        return deals

    def _owners(self) -> Iterator[tuple[int, int]]:
        """Yield partner and seller of each deal: exactly one in twenty is the first partner's own."""
        own = self.size // 20
        partners = [0] * own
        partners += [1 + n % (len(self.people) - 1) for n in range(self.size - own)]
        self.chance.shuffle(partners)
        for partner in partners:
            yield partner, self.chance.choice(self.people[partner])

    def _one(self, state: State, whose: tuple[int, int]) -> Deal:
        submitted = self._submission(state)
        deal = Deal(*whose, self._company(), state, self._lines(), submitted - self._hours(1, 72))
        deal.stage = self.chance.choice(list(Stage)[:5])
        if state != State.DRAFT:
            deal.submitted = submitted
        if state in WAITING:
            self._wait(deal)
        elif state == State.QUEUED:
            self._queue(deal)
        elif state not in (State.DRAFT, State.WITHDRAWN):
            self._decide(deal)
        elif state == State.WITHDRAWN:
            deal.stage = Stage.LOST
        return deal

    def _submission(self, state: State) -> datetime:
        if state in WAITING:
            return self.now - self._hours(1, 120)
        if state in (State.APPROVED, State.QUEUED):
            return self.now - timedelta(days=self.chance.uniform(6, RECENT.days))
        if state == State.DRAFT:
            return self.now - timedelta(days=self.chance.uniform(0, 45))
        return self.now - timedelta(days=self.chance.uniform(RECENT.days, YEARS * 365))

    def _decide(self, deal: Deal) -> None:
        assert deal.submitted
        deal.decided = deal.submitted + self._hours(1, 96)
        if deal.state == State.REJECTED:
            deal.decline_code = self.chance.choice(list(DeclineCode))
            return
        if deal.state == State.CLOSED:
            self._close(deal)
        self._protect(deal)
        if deal.state == State.APPROVED:
            self.approved.append(deal)

    def _close(self, deal: Deal) -> None:
        assert deal.decided
        code = self.chance.choice(
            (CloseCode.WON, CloseCode.WON, CloseCode.LOST, CloseCode.EXPIRED, CloseCode.RELEASED)
        )
        early = timedelta(days=self.chance.uniform(5, 85))
        left = min(early, self.now - deal.decided)
        whole = deal.decided + PROTECTED
        if code == CloseCode.EXPIRED and whole > self.now:
            code = CloseCode.LOST
        deal.close_code = code
        deal.closed = whole if code == CloseCode.EXPIRED else deal.decided + left
        deal.stage = {CloseCode.WON: Stage.WON, CloseCode.LOST: Stage.LOST}.get(code, deal.stage)

    def _protect(self, deal: Deal) -> None:
        """Give the deal its period at a company that is free then; a fresh company always is."""
        assert deal.decided
        span = (deal.decided, deal.closed or deal.decided + PROTECTED)
        for _ in range(_TRIES):
            if self._is_free(deal, span):
                break
            deal.company = self._company()
        else:
            self._find_free(deal, span)
        deal.period = span
        for line in deal.lines:
            self.held[deal.company, line].append(span)

    def _find_free(self, deal: Deal, span: Span) -> None:
        while not self._is_free(deal, span):
            self.spare = (self.spare + 1) % self.companies
            deal.company = self.spare

    def _is_free(self, deal: Deal, span: Span) -> bool:
        return not any(
            overlap(span, other) for line in deal.lines for other in self.held[deal.company, line]
        )

    def _queue(self, deal: Deal) -> None:
        """Stand in line behind a protection of another partner."""
        deal.rival = self._other(self.approved, deal)
        if deal.rival is None:
            return
        assert deal.rival.decided
        deal.company, deal.lines = deal.rival.company, deal.rival.lines
        late = (self.now - deal.rival.decided).total_seconds()
        deal.submitted = deal.rival.decided + timedelta(
            seconds=self.chance.uniform(0.1, 0.9) * late
        )
        deal.started = deal.submitted - self._hours(1, 5)

    def _wait(self, deal: Deal) -> None:
        rival = self._other(self.waiting, deal) if self.chance.random() < _RIVALS else None
        if rival is not None:
            deal.rival, deal.company, deal.lines = rival, rival.company, rival.lines
        self.waiting.append(deal)

    def _other(self, pool: Sequence[Deal], deal: Deal) -> Deal | None:
        """Pick one of another partner's; none if chance finds none."""
        if not pool:
            return None
        found = (self.chance.choice(pool) for _ in range(_TRIES))
        return next((one for one in found if one.partner != deal.partner), None)

    def _company(self) -> int:
        """Some customers are registered far more often than others."""
        return int(self.companies * self.chance.random() ** 1.5)

    def _lines(self) -> tuple[int, ...]:
        wanted = self.chance.choice((1, 1, 1, 2))
        return tuple(sorted(self.chance.sample(range(1, self.lines + 1), wanted)))

    def _hours(self, least: float, most: float) -> timedelta:
        return timedelta(hours=self.chance.uniform(least, most))


def counts(size: int, shares: Mapping[State, float] = SHARES) -> Iterable[tuple[State, int]]:
    """Return how many deals there are in each state: their shares, at least one, the rest closed."""
    each = {state: max(1, round(share * size)) for state, share in shares.items()}
    each[State.CLOSED] += size - sum(each.values())
    if each[State.CLOSED] < 1:
        raise ValueError("A tenant with all states needs a few more registrations.")
    return each.items()


def overlap(one: Span, other: Span) -> bool:
    """Return whether two periods share an instant; the upper bound is outside."""
    return one[0] < other[1] and other[0] < one[1]
