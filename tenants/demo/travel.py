"""Time travel for the seed: do things in order of time, each at its own moment of the past."""

import heapq
import itertools
from collections.abc import Callable
from datetime import UTC, datetime

Step = Callable[[], None]
Go = Callable[[datetime], None]


class Agenda:
    """What happens when; steps may add later steps while it runs."""

    def __init__(self, until: datetime, go: Go) -> None:
        self.until = until
        self._go = go
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
            self._go(at)
            step()
