"""A small reference model of who holds what at one vendor's customers, and who is next.

Plain Python over plain values: product lines are letters, time is seconds, and nothing is asked of the
portal's code. What the portal does must come out the same, step for step.
"""

from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass, field

HOLD = 30

DRAFT, SUBMITTED, REVIEW, ASKED = "DRAFT", "SUBMITTED", "IN_REVIEW", "ACTION_REQUIRED"
APPROVED, QUEUED, REJECTED = "APPROVED", "QUEUED", "REJECTED"
WITHDRAWN, CLOSED = "WITHDRAWN", "CLOSED"


class Refused(Exception):
    """The model says no."""


@dataclass
class Deal:
    """One registration: whose, at which customer, for which lines, in which place of the ledger."""

    partner: str
    company: str
    lines: frozenset[str]
    number: int
    key: int
    state: str = SUBMITTED
    stood_in_line: bool = False
    moves: int = 0


@dataclass
class Hold:
    """A protection: its lines and period, and the deals that hold it now."""

    company: str
    lines: frozenset[str]
    start: int
    end: int
    holders: set[int]


@dataclass
class Decided:
    """A decision that can be taken back until its effects are out."""

    deals: dict[int, tuple[str, bool, int]]  # state and place in line before, moves after
    effective: int
    action: str
    hold: int | None = None  # which protection it gave
    joined: bool = False
    done: bool = False
    undone: bool = False


@dataclass
class Model:
    """The whole truth, small."""

    ends: Callable[
        [int, int], int
    ]  # the end of a protection that begins at a time, of so many days
    days: int = 90
    now: int = 0
    deals: dict[int, Deal] = field(default_factory=dict)
    holds: list[Hold] = field(default_factory=list)
    decisions: list[Decided] = field(default_factory=list)
    numbers: int = 0

    # --- what time and the line do ------------------------------------------------------------

    def live(self, company: str) -> list[Hold]:
        """Protections in force."""
        return [
            h for h in self.holds
            if h.company == company and h.holders and h.start <= self.now < h.end
        ]  # fmt: skip

    def is_held(self, deal: Deal) -> bool:
        """Whether somebody holds any line of a deal's."""
        return any(h.lines & deal.lines for h in self.live(deal.company))

    def settle(self, company: str) -> None:
        """Close what has lapsed, then bring to review whoever in line finds its lines all free."""
        for deal in self._at(company, APPROVED):
            ends = [h.end for h in self.holds if deal.key in h.holders]
            if ends and max(ends) <= self.now:
                self._close(deal)
        busy = [d.lines for d in self._at(company, REVIEW, ASKED) if d.stood_in_line]
        busy += [
            self.deals[key].lines
            for one in self.decisions
            if one.action == "REJECT" and self._is_held_back(one)
            for key in one.deals
            if self.deals[key].company == company and self.deals[key].stood_in_line
        ]
        for deal in sorted(self._at(company, QUEUED), key=lambda d: (d.number, d.key)):
            if self.is_held(deal) or any(deal.lines & lines for lines in busy):
                continue
            self._move(deal, REVIEW)
            busy.append(deal.lines)

    def let_out(self) -> None:
        """The sweep: effects whose time has come, then protections whose time is over."""
        for one in self.decisions:
            if not one.done and not one.undone and one.effective <= self.now:
                one.done = True
                if one.action in {"REJECT", "QUEUE"}:
                    for key in one.deals:
                        self.settle(self.deals[key].company)
        for deal in list(self.deals.values()):
            ends = [h.end for h in self.holds if deal.key in h.holders]
            if deal.state == APPROVED and ends and max(ends) <= self.now:
                self.settle(deal.company)

    # --- what people do -------------------------------------------------------------------------

    def submit(self, key: int, partner: str, company: str, lines: Iterable[str]) -> None:
        self.settle(company)
        self.numbers += 1
        self.deals[key] = Deal(partner, company, frozenset(lines), self.numbers, key)

    def approve(self, key: int) -> None:
        deal = self._undecided(key)
        before = self._take(deal)
        self.settle(deal.company)
        end = self.ends(self.now, self.days)
        if any(self._collides(h, deal.company, deal.lines, end) for h in self.holds):
            raise Refused("held")
        self._move(deal, APPROVED)
        self.holds.append(Hold(deal.company, deal.lines, self.now, end, {key}))
        self._remember({key: before}, "APPROVE", hold=len(self.holds) - 1)

    def approve_jointly(self, key: int, other: int) -> None:
        deal, beside = self._undecided(key), self.deals[other]
        if deal.company != beside.company or deal.partner == beside.partner:
            raise Refused("not together")
        if not deal.lines & beside.lines:
            raise Refused("apart")
        self.settle(deal.company)
        if beside.state == APPROVED:
            before = self._take(deal)
            mine = [h for h in self.live(deal.company) if other in h.holders]
            if not mine or not deal.lines <= mine[0].lines:
                raise Refused("too small")
            self._move(deal, APPROVED)
            mine[0].holders.add(key)
            self._remember({key: before}, "APPROVE", self.holds.index(mine[0]), joined=True)
            return
        if beside.state not in {SUBMITTED, REVIEW}:
            raise Refused("over")
        befores = {key: self._take(deal), other: self._take(beside)}
        end, lines = self.ends(self.now, self.days), deal.lines | beside.lines
        if any(self._collides(h, deal.company, lines, end) for h in self.holds):
            raise Refused("held")
        self._move(deal, APPROVED)
        self._move(beside, APPROVED)
        self.holds.append(Hold(deal.company, lines, self.now, end, {key, other}))
        self._remember(befores, "APPROVE", hold=len(self.holds) - 1)

    def queue(self, key: int) -> None:
        deal = self._undecided(key)
        before = self._take(deal)
        if not self.is_held(deal):
            raise Refused("nothing to wait for")
        self._move(deal, QUEUED)
        deal.stood_in_line = True
        self._remember({key: before}, "QUEUE")

    def reject(self, key: int) -> None:
        deal = self._in(key, SUBMITTED, REVIEW, ASKED, QUEUED)
        before = self._take(deal)
        self._move(deal, REJECTED)
        self._remember({key: before}, "REJECT")

    def ask(self, key: int) -> None:
        deal = self._undecided(key)
        before = self._take(deal)
        self._move(deal, ASKED)
        self._remember({key: before}, "ASK")

    def answer(self, key: int) -> None:
        self._move(self._in(key, ASKED), REVIEW)

    def reopen(self, key: int) -> None:
        deal = self._in(key, REJECTED)
        if any(key in one.deals and self._is_held_back(one) for one in self.decisions):
            raise Refused("still held")
        self._move(deal, REVIEW)

    def withdraw(self, key: int) -> None:
        deal = self._in(key, SUBMITTED, REVIEW, ASKED, QUEUED)
        self._move(deal, WITHDRAWN)
        self.settle(deal.company)

    def close(self, key: int) -> None:
        deal = self._in(key, APPROVED)
        self._close(deal)
        self.settle(deal.company)

    def split(self, key: int, half: int, lines: frozenset[str]) -> None:
        deal = self._in(key, SUBMITTED, REVIEW)
        if not lines or lines >= deal.lines:
            raise Refused("nothing to part")
        self.deals[half] = Deal(
            deal.partner, deal.company, lines, deal.number, half, deal.state, deal.stood_in_line
        )
        deal.lines -= lines
        deal.moves += 1

    def extend(self, key: int, days: int) -> None:
        deal = self._in(key, APPROVED)
        mine = [h for h in self.live(deal.company) if key in h.holders]
        if not mine:
            raise Refused("nothing to extend")
        mine[0].end = self.ends(mine[0].end - 1, days)

    def undo(self, index: int) -> None:
        one = self.decisions[index]
        if one.undone or one.done or one.effective <= self.now:
            raise Refused("too late")
        if any(self.deals[key].moves != moves for key, (_s, _q, moves) in one.deals.items()):
            raise Refused("moved on")
        if one.hold is not None:
            hold = self.holds[one.hold]
            if not one.joined and hold.holders - set(one.deals):
                raise Refused("shared since")
            if one.joined and self._joined_later(index, one.hold):
                raise Refused("shared since")
        for key, (state, stood, _moves) in one.deals.items():
            deal = self.deals[key]
            self._move(deal, state)
            deal.stood_in_line = stood
            if one.hold is not None:
                self.holds[one.hold].holders.discard(key)
        if one.hold is not None and not one.joined:
            self.holds[one.hold].end = self.holds[one.hold].start
        one.undone = True
        for company in {self.deals[key].company for key in one.deals}:
            self.settle(company)

    def merge(self, source: str, target: str) -> None:
        for ours in self._of(source):
            for theirs in self._of(target):
                if (
                    ours.lines & theirs.lines
                    and ours.start < theirs.end
                    and theirs.start < ours.end
                ):
                    raise Refused("both hold")
        for thing in (*self.deals.values(), *self.holds):
            if thing.company == source:
                thing.company = target

    # --- small parts ------------------------------------------------------------------------------

    def trial(self) -> "Model":
        """Return a copy to try a step on: a refused step leaves no trace."""
        return deepcopy(self)

    def _at(self, company: str, *states: str) -> list[Deal]:
        return [d for d in self.deals.values() if d.company == company and d.state in states]

    def _of(self, company: str) -> list[Hold]:
        return [h for h in self.holds if h.company == company and h.start < h.end]

    def _in(self, key: int, *states: str) -> Deal:
        deal = self.deals[key]
        if deal.state not in states:
            raise Refused(deal.state)
        return deal

    def _undecided(self, key: int) -> Deal:
        return self._in(key, SUBMITTED, REVIEW)

    def _collides(self, hold: Hold, company: str, lines: frozenset[str], end: int) -> bool:
        """Periods are half open; one that is empty collides with nothing."""
        same = hold.company == company and bool(hold.lines & lines)
        return same and hold.start < hold.end and hold.start < end and self.now < hold.end

    def _take(self, deal: Deal) -> tuple[str, bool]:
        if deal.state == SUBMITTED:
            self._move(deal, REVIEW)
        return deal.state, deal.stood_in_line

    def _move(self, deal: Deal, state: str) -> None:
        deal.state = state
        deal.moves += 1

    def _close(self, deal: Deal) -> None:
        self._move(deal, CLOSED)
        for hold in self.holds:
            if deal.key in hold.holders and hold.end > self.now:
                hold.holders.discard(deal.key)
                if not hold.holders:
                    hold.end = max(hold.start, self.now)

    def _remember(
        self,
        before: dict[int, tuple[str, bool]],
        action: str,
        hold: int | None = None,
        joined: bool = False,
    ) -> None:
        deals = {key: (*was, self.deals[key].moves) for key, was in before.items()}
        self.decisions.append(Decided(deals, self.now + HOLD, action, hold, joined))

    def _is_held_back(self, one: Decided) -> bool:
        return not one.done and not one.undone and one.effective > self.now

    def _joined_later(self, index: int, hold: int) -> bool:
        later = self.decisions[index + 1 :]
        return any(d.hold == hold and d.joined and not d.undone for d in later)
