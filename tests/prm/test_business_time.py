from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prm.business_time import Calendar, NeverOpen, holiday_countries, holidays_of

BERLIN = ZoneInfo("Europe/Berlin")
NINE_TO_FIVE = {day: [(time(9), time(17))] for day in range(5)}
OFFICE = Calendar(BERLIN, NINE_TO_FIVE, frozenset({date(2026, 12, 25)}))
ALWAYS = Calendar(BERLIN, {day: [(time(0), time(0))] for day in range(7)})
HOUR = timedelta(hours=1)


def berlin(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("at", "open_then"),
    [
        (berlin(2026, 11, 20, 9), True),
        (berlin(2026, 11, 20, 16, 59), True),
        (berlin(2026, 11, 20, 17), False),
        (berlin(2026, 11, 20, 8, 59), False),
        (berlin(2026, 11, 21, 12), False),
        (berlin(2026, 12, 25, 12), False),
    ],
)
def test_is_open_is_half_open_and_knows_weekends_and_holidays(at, open_then):
    assert OFFICE.is_open(at) is open_then


def test_next_open_stays_when_open():
    assert OFFICE.next_open(berlin(2026, 11, 20, 10)) == berlin(2026, 11, 20, 10)


def test_next_open_skips_the_weekend():
    assert OFFICE.next_open(berlin(2026, 11, 20, 17)) == berlin(2026, 11, 23, 9)


def test_add_carries_over_night_weekend_and_holiday():
    assert OFFICE.add(berlin(2026, 12, 24, 16), 2 * HOUR) == berlin(2026, 12, 28, 10)


def test_add_ends_at_closing_time_not_at_the_next_opening():
    assert OFFICE.add(berlin(2026, 11, 20, 16), HOUR) == berlin(2026, 11, 20, 17)


def test_add_nothing_is_the_next_opening():
    assert OFFICE.add(berlin(2026, 11, 21, 12), timedelta()) == berlin(2026, 11, 23, 9)


def test_add_leaves_pauses_out():
    pause = (berlin(2026, 11, 20, 11), berlin(2026, 11, 20, 15))
    later_pause = (berlin(2026, 11, 23, 8), berlin(2026, 11, 23, 10))
    end = OFFICE.add(berlin(2026, 11, 20, 10), 4 * HOUR, pauses=[later_pause, pause])
    assert end == berlin(2026, 11, 23, 11)
    assert OFFICE.between(berlin(2026, 11, 20, 10), end, pauses=[pause, later_pause]) == 4 * HOUR


def test_pause_that_covers_or_misses_everything():
    start, end = berlin(2026, 11, 20, 10), berlin(2026, 11, 20, 12)
    assert OFFICE.between(start, end, pauses=[(start - HOUR, end + HOUR)]) == timedelta()
    assert OFFICE.between(start, end, pauses=[(end, end), (end, end + HOUR)]) == 2 * HOUR


def test_between_counts_open_time_only_and_knows_direction():
    friday, monday = berlin(2026, 11, 20, 16), berlin(2026, 11, 23, 10)
    assert OFFICE.between(friday, monday) == 2 * HOUR
    assert OFFICE.between(monday, friday) == -2 * HOUR


def test_lunch_break_is_closed():
    split = Calendar(BERLIN, {4: [(time(13), time(17)), (time(9), time(12))]})
    assert not split.is_open(berlin(2026, 11, 20, 12, 30))
    assert split.add(berlin(2026, 11, 20, 11), 2 * HOUR) == berlin(2026, 11, 20, 14)


@pytest.mark.parametrize(
    ("day", "hours"), [((2026, 3, 29), 23), ((2026, 10, 25), 25), ((2026, 6, 1), 24)]
)
def test_a_day_with_a_clock_change_has_its_true_length(day, hours):
    start = berlin(*day)
    assert ALWAYS.between(start, berlin(*day[:2], day[2] + 1)) == hours * HOUR


def test_hours_inside_the_skipped_hour_move_with_it():
    night = Calendar(BERLIN, {6: [(time(2, 15), time(2, 45)), (time(3), time(3, 30))]})
    start = berlin(2026, 3, 29)
    assert night.next_open(start) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert night.between(start, berlin(2026, 3, 29, 12)) == timedelta(minutes=45)


def test_a_skipped_date_is_not_counted_twice():
    apia = Calendar(ZoneInfo("Pacific/Apia"), ALWAYS.hours)
    start, end = datetime(2011, 12, 28, tzinfo=UTC), datetime(2012, 1, 2, tzinfo=UTC)
    assert apia.between(start, end) == end - start


def test_add_days_keeps_the_local_time():
    assert OFFICE.add_days(berlin(2026, 11, 20, 16), 2) == berlin(2026, 11, 24, 16)
    assert OFFICE.add_days(berlin(2026, 10, 23, 10), 1) == berlin(2026, 10, 26, 10)


def test_add_days_starts_at_the_next_opening():
    assert OFFICE.add_days(berlin(2026, 11, 21, 12), 1) == berlin(2026, 11, 24, 9)
    assert OFFICE.add_days(berlin(2026, 11, 21, 12), 0) == berlin(2026, 11, 23, 9)


def test_add_days_moves_into_the_hours_of_the_day():
    short = Calendar(BERLIN, {0: [(time(9), time(17))], 1: [(time(10), time(12))]})
    assert short.add_days(berlin(2026, 11, 23, 16), 1) == berlin(2026, 11, 24, 12)
    assert short.add_days(berlin(2026, 11, 23, 9), 1) == berlin(2026, 11, 24, 10)


def test_a_calendar_that_never_opens_says_so():
    closed = Calendar(BERLIN, {})
    assert not closed.is_open(berlin(2026, 11, 20, 10))
    assert closed.between(berlin(2026, 1, 1), berlin(2026, 2, 1)) == timedelta()
    with pytest.raises(NeverOpen):
        closed.next_open(berlin(2026, 11, 20))
    with pytest.raises(NeverOpen):
        closed.add(berlin(2026, 11, 20), HOUR)


def test_add_days_says_when_no_working_day_follows():
    every_day_off = frozenset(date(2026, 11, 21) + timedelta(days=n) for n in range(900))
    with pytest.raises(NeverOpen):
        Calendar(BERLIN, NINE_TO_FIVE, every_day_off).add_days(berlin(2026, 11, 20, 10), 1)


@pytest.mark.parametrize(
    "hours",
    [
        {7: [(time(9), time(17))]},
        {0: [(time(17), time(9))]},
        {0: [(time(9), time(12)), (time(11), time(13))]},
        {0: [(time(9), time(0)), (time(11), time(13))]},
    ],
)
def test_bad_hours_are_refused(hours):
    with pytest.raises(ValueError, match=r"weekday|after opening|overlap"):
        Calendar(BERLIN, hours)


def test_time_only_runs_forwards():
    with pytest.raises(ValueError, match="forwards"):
        OFFICE.add(berlin(2026, 11, 20), -HOUR)
    with pytest.raises(ValueError, match="forwards"):
        OFFICE.add_days(berlin(2026, 11, 20), -1)


def test_naive_instants_are_refused():
    with pytest.raises(ValueError, match="time zone"):
        OFFICE.is_open(datetime(2026, 11, 20, 10))  # noqa: DTZ001 - the point of the test


def test_holidays_of_a_country():
    assert date(2026, 10, 3) in holidays_of("DE")
    assert date(2026, 1, 6) in holidays_of("DE", "BY")
    assert date(2026, 1, 6) not in holidays_of("DE")
    assert "DE" in holiday_countries()


def test_holidays_of_an_unknown_country_are_refused():
    with pytest.raises(ValueError, match="No holidays"):
        holidays_of("XX")


instants = st.datetimes(
    min_value=datetime(2024, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2028, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    timezones=st.just(UTC),
)
durations = st.timedeltas(min_value=timedelta(), max_value=timedelta(days=20))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    hours = {}
    for weekday in draw(st.sets(st.integers(0, 6), min_size=1)):
        marks = sorted(draw(st.sets(st.integers(0, 95), min_size=2, max_size=6)))
        edges = [time(mark // 4, mark % 4 * 15) for mark in marks]
        hours[weekday] = list(zip(edges[::2], edges[1::2], strict=False))
    zones = [
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "Asia/Kolkata",
        "Asia/Beirut",
    ]
    days = st.dates(min_value=date(2024, 1, 1), max_value=date(2028, 1, 1))
    return Calendar(
        ZoneInfo(draw(st.sampled_from(zones))), hours, frozenset(draw(st.sets(days, max_size=5)))
    )


@given(calendars(), instants, durations)
def test_add_then_between_gives_the_duration_back(calendar, start, duration):
    assert calendar.between(start, calendar.add(start, duration)) == duration


@given(calendars(), instants, durations, st.timedeltas(timedelta(), timedelta(days=9)))
def test_add_is_monotone(calendar, start, duration, more):
    assert calendar.add(start, duration) <= calendar.add(start, duration + more)
    assert calendar.add(start, duration) <= calendar.add(start + more, duration)


@given(calendars(), st.tuples(instants, instants, instants))
def test_between_adds_up(calendar, three):
    first, middle, last = sorted(three)
    whole = calendar.between(first, last)
    assert calendar.between(first, middle) + calendar.between(middle, last) == whole


@given(calendars(), instants)
def test_next_open_is_open_and_nothing_is_open_before_it(calendar, at):
    opens = calendar.next_open(at)
    assert calendar.is_open(opens)
    assert calendar.between(at, opens) == timedelta()


@given(calendars(), instants, instants, st.tuples(instants, instants))
def test_pauses_never_lengthen_business_time(calendar, one, other, pause):
    start, end = sorted((one, other))
    paused = calendar.between(start, end, pauses=[tuple(sorted(pause))])
    assert timedelta() <= paused <= calendar.between(start, end)
