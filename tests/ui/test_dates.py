"""Dates and times in words, in the reader's language and zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from prm.ui import dates

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "day", "moment"),
    [("en", "21 Nov 2026", "21 Nov 2026, 09:30"), ("de", "21. Nov. 2026", "21. Nov. 2026, 09:30")],
)
def test_dates_are_written_day_first(language, day, moment):
    with translation.override(language):
        assert dates.format_date(NOW) == dates.format_date(date(2026, 11, 21)) == day
        assert dates.format_moment(NOW) == moment


def test_a_moment_is_told_in_the_readers_zone():
    with timezone.override(ZoneInfo("Asia/Tokyo")):
        late = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
        assert dates.format_moment(late) == "22 Nov 2026, 05:00"
        assert dates.format_date(late) == "22 Nov 2026"
        assert dates.format_time(late) == "05:00"


@pytest.mark.parametrize(
    ("distance", "words"),
    [
        (timedelta(seconds=10), "just now"),
        (timedelta(minutes=1), "in 1 minute"),
        (timedelta(minutes=-44), "44 minutes ago"),
        (timedelta(minutes=50), "in 1 hour"),
        (timedelta(hours=35), "in 35 hours"),
        (timedelta(days=-3), "3 days ago"),
        (timedelta(days=82), "in 82 days"),
        (timedelta(days=150), "in 5 months"),
        (timedelta(days=-900), "2 years ago"),
    ],
)
def test_relative_uses_the_one_fitting_unit(distance, words):
    assert dates.relative(NOW + distance, NOW) == words


def test_an_unknown_language_reads_as_english():
    with translation.override("en"):
        assert dates.locale_of("xx-yy").language == "en"


def test_iso_is_utc():
    local = NOW.astimezone(ZoneInfo("Asia/Tokyo"))
    assert dates.iso(local) == "2026-11-21T09:30:00Z"
