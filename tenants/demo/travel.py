"""Time travel for the seed: do things in order of time, each at its own moment of the past."""

import heapq
import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from prm import clock

Step = Callable[[], None]


def shift_to(moment: datetime) -> None:
    """Set the installation's clock to an instant."""
    clock.advance(moment - clock.now())


@contextmanager
def journey() -> Iterator[datetime]:
    """Yield the present; whatever the clock was moved to, it shows the present again afterwards."""
    before = clock.shift()
    try:
        yield clock.now()
    finally:
        clock.advance(before - clock.shift())


def come_home() -> None:
    """End a journey that was interrupted: a demo's clock is never behind real time."""
    behind = clock.shift()
    if behind < timedelta():
        clock.advance(-behind)


class Agenda:
    """What happens when; steps may add later steps while it runs."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        self._steps: list[tuple[datetime, int, Step]] = []
        self._order = itertools.count()

    def add(self, at: datetime, step: Step) -> None:
        """Plan a step; one that would be in the future is left out."""
        if at < self.until:
            heapq.heappush(self._steps, (at.astimezone(UTC), next(self._order), step))

    def run(self) -> None:
        """Do every step at its time, earliest first."""
        while self._steps:
            at, _order, step = heapq.heappop(self._steps)
            shift_to(at)
            step()
