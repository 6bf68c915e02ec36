"""Business time: opening hours, holidays and pauses in one time zone. Pure; never reads the clock.

Durations are real time during which the doors are open, so a day on which the clocks change counts
its true length. Opening hours are half open: at closing time the doors are shut.
"""

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

MIDNIGHT = time(0)
MAX_CLOSED_DAYS = 800
LAST_DAY = date(9000, 1, 1)
HOLIDAY_YEARS = range(2020, 2046)
"""Public holidays are computed for these years; Calendar never needs "the current year"."""

Span = tuple[time, time]
Interval = tuple[datetime, datetime]
Hours = Mapping[int, Sequence[Span]]


class NeverOpen(Exception):
    """The calendar has no opening hours within reach, so no business time ever passes."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """When somebody works: hours per weekday (0 = Monday), holidays, a time zone.

    A span that closes at 00:00 closes at the end of its day.
    """

    zone: ZoneInfo
    hours: Hours
    holidays: frozenset[date] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        for weekday, spans in self.hours.items():
            if weekday not in range(7):
                raise ValueError(f"{weekday} is not a weekday; Monday is 0, Sunday 6.")
            _check_spans(spans)

    def is_open(self, at: datetime) -> bool:
        """Return whether the doors are open at that instant."""
        at = _aware(at)
        return any(opened <= at < closed for opened, closed in self._until(at, at))

    def is_working_day(self, day: date) -> bool:
        """Return whether the doors open at all on that date."""
        return bool(self._spans(day))

    def next_open(self, at: datetime) -> datetime:
        """Return ``at`` itself when open then, else the next opening. Raises NeverOpen."""
        at = _aware(at)
        start, _end = next(self._open_from(at))
        return max(at, start)

    def add(
        self, start: datetime, duration: timedelta, *, pauses: Iterable[Interval] = ()
    ) -> datetime:
        """Return the instant at which ``duration`` of business time has passed since ``start``.

        Time inside ``pauses`` does not count. Raises ValueError for a negative duration and
        NeverOpen.
        """
        if duration < timedelta():
            raise ValueError("Business time only runs forwards.")
        start, left = _aware(start), duration
        intervals = _without(self._open_from(start), pauses)
        while True:
            opened, closed = next(intervals)
            opened = max(opened, start)
            if left <= closed - opened and (left or opened < closed):
                return opened + left
            left -= max(closed - opened, timedelta())

    def add_days(self, start: datetime, days: int) -> datetime:
        """Return the same local time ``days`` working days later, moved into opening hours.

        Counting starts at the next opening. Later than that day's closing becomes its closing time.
        Raises ValueError for negative days and NeverOpen.
        """
        if days < 0:
            raise ValueError("Business time only runs forwards.")
        first = self.next_open(start).astimezone(self.zone)
        day = first.date()
        for _step in range(days):
            day = self._next_working_day(day)
        wanted = _instant(day, first.time(), self.zone)
        spans = self._day(day)
        inside = (max(wanted, opened) for opened, closed in spans if wanted <= closed)
        return next(inside, spans[-1][1])

    def between(
        self, start: datetime, end: datetime, *, pauses: Iterable[Interval] = ()
    ) -> timedelta:
        """Return how much business time lies between two instants; negative when they are swapped."""
        start, end = _aware(start), _aware(end)
        if end < start:
            return -self.between(end, start, pauses=pauses)
        total = timedelta()
        for opened, closed in _without(self._until(start, end), pauses):
            total += max(min(closed, end) - max(opened, start), timedelta())
        return total

    def _day(self, day: date) -> list[Interval]:
        """Return the day's open intervals in UTC, sorted and merged (clock changes can overlap)."""
        merged: list[Interval] = []
        for start, end in sorted(self._instants(day, span) for span in self._spans(day)):
            if merged and start <= merged[-1][1]:
                start, end = merged[-1][0], max(end, merged[-1][1])
                merged.pop()
            merged.append((start, end))
        return merged

    def _spans(self, day: date) -> Sequence[Span]:
        return () if day in self.holidays else self.hours.get(day.weekday(), ())

    def _instants(self, day: date, span: Span) -> Interval:
        opens, closes = span
        closing_day = day + timedelta(days=1) if closes == MIDNIGHT else day
        return _instant(day, opens, self.zone), _instant(closing_day, closes, self.zone)

    def _open_from(self, at: datetime) -> Iterator[Interval]:
        """Yield open intervals that end after ``at``; raise NeverOpen after two closed years."""
        yesterday = at.astimezone(self.zone).date() - timedelta(days=1)
        for interval in self._intervals(self._days_from(yesterday)):
            if interval[1] > at:
                yield interval

    def _until(self, start: datetime, end: datetime) -> Iterator[Interval]:
        """Yield the open intervals of every day that the two instants touch."""
        first = start.astimezone(self.zone).date() - timedelta(days=1)
        last = end.astimezone(self.zone).date()
        return self._intervals(first + timedelta(days=n) for n in range((last - first).days + 1))

    def _intervals(self, days: Iterable[date]) -> Iterator[Interval]:
        """Yield the days' intervals without overlap, also where a zone skipped a whole day."""
        reach = datetime.min.replace(tzinfo=UTC)
        for start, end in (interval for day in days for interval in self._day(day)):
            if end > reach:
                yield max(start, reach), end
                reach = end

    def _days_from(self, day: date) -> Iterator[date]:
        closed_days = 0
        while closed_days <= MAX_CLOSED_DAYS and day < LAST_DAY:
            yield day
            closed_days = 0 if self.is_working_day(day) else closed_days + 1
            day += timedelta(days=1)
        raise NeverOpen

    def _next_working_day(self, day: date) -> date:
        for step in range(1, MAX_CLOSED_DAYS):
            if self.is_working_day(day + timedelta(days=step)):
                return day + timedelta(days=step)
        raise NeverOpen


@cache
def holidays_of(country: str, subdivision: str | None = None) -> frozenset[date]:
    """Return a country's public holidays (2020 to 2045); ValueError for an unknown country."""
    import holidays  # noqa: PLC0415 - large; only needed once per country

    try:
        with warnings.catch_warnings():  # some countries announce theirs only ten years ahead
            warnings.simplefilter("ignore")
            found = holidays.country_holidays(country, subdiv=subdivision, years=HOLIDAY_YEARS)
    except NotImplementedError as error:
        raise ValueError(f"No holidays are known for {country!r}.") from error
    return frozenset(found)


@cache
def holiday_countries() -> tuple[str, ...]:
    """Return the ISO codes of the countries whose public holidays are known, sorted."""
    import holidays  # noqa: PLC0415 - large; only needed on the settings page

    return tuple(sorted(holidays.list_supported_countries(include_aliases=False)))


def _check_spans(spans: Sequence[Span]) -> None:
    ordered = sorted(spans)
    for opens, closes in ordered:
        if closes != MIDNIGHT and closes <= opens:
            raise ValueError(f"Closing at {closes:%H:%M} is not after opening at {opens:%H:%M}.")
    for (_opens, closes), (opens, _closes) in pairwise(ordered):
        if closes == MIDNIGHT or opens < closes:
            raise ValueError(f"Two spans of opening hours overlap at {opens:%H:%M}.")


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("Business time wants instants with a time zone.")
    return at.astimezone(UTC)


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return a local wall time in UTC; a time that the clock change skips moves with it."""
    return datetime.combine(day, at.replace(tzinfo=None), zone).astimezone(UTC)


def _without(intervals: Iterable[Interval], pauses: Iterable[Interval]) -> Iterator[Interval]:
    """Yield the intervals with the pauses cut out; lazily, because intervals may never end."""
    cuts = sorted((_aware(start), _aware(end)) for start, end in pauses)
    for start, end in intervals:
        for cut_start, cut_end in cuts:
            if cut_end <= start or cut_start >= end or cut_end <= cut_start:
                continue
            if cut_start > start:
                yield start, cut_start
            start = max(start, cut_end)
            if start >= end:
                break
        if start < end:
            yield start, end
