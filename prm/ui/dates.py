"""How dates and times read: in the reader's zone and language, with the distance from now.

English is written day first ("14 Mar 2027, 10:02"), which nobody can misread.
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date as babel_date
from babel.dates import format_skeleton, format_timedelta
from django.utils import timezone, translation
from django.utils.translation import gettext as _

_SAME_WORDS_OTHER_ORDER = {"en": "en_GB"}
MOMENT = 45  # seconds that are no distance
# (below this many seconds, unit, seconds of the unit); app.js keeps the same table.
STEPS = (
    (45 * 60, "minute", 60),
    (36 * 3600, "hour", 3600),
    (120 * 86400, "day", 86400),
    (548 * 86400, "month", 2592000),
    (float("inf"), "year", 31536000),
)


@lru_cache(maxsize=64)
def locale_of(language: str) -> Locale:
    """Return the locale that dates are written in; an unknown one reads as English."""
    code = _SAME_WORDS_OTHER_ORDER.get(language, language).replace("-", "_")
    try:
        return Locale.parse(code)
    except (ValueError, UnknownLocaleError):
        return Locale("en", "GB")


def active() -> Locale:
    """Return the locale of the active language."""
    return locale_of(translation.get_language() or "en")


def format_date(value: date) -> str:
    """Return "14 Mar 2027"; a datetime counts in the reader's zone."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return _date(value, active())


@lru_cache(maxsize=4096)
def _date(value: date, locale: Locale) -> str:
    pattern = locale.datetime_skeletons.get("yMMMd")
    return babel_date(value, format=pattern or "medium", locale=locale)


def format_time(value: datetime) -> str:
    """Return "10:02" in the reader's zone."""
    return format_skeleton("Hm", timezone.localtime(value), locale=active(), tzinfo=None)


def format_moment(value: datetime) -> str:
    """Return "14 Mar 2027, 10:02" in the reader's zone."""
    local = timezone.localtime(value)
    return f"{_date(local.date(), active())}, {local:%H:%M}"


def format_second(value: datetime) -> str:
    """Return "14 Mar 2027, 10:02:31": where who was first is a matter of seconds."""
    local = timezone.localtime(value)
    return f"{_date(local.date(), active())}, {local:%H:%M:%S}"


def format_clock(value: datetime) -> str:
    """Return "10:02:31" in the reader's zone."""
    return f"{timezone.localtime(value):%H:%M:%S}"


def format_weekday(value: datetime) -> str:
    """Return "Thu, 14 Mar, 10:02": for deadlines near enough that the weekday helps."""
    local = timezone.localtime(value)
    day = format_skeleton("MMMEd", local, locale=active(), tzinfo=None)
    return f"{day}, {local:%H:%M}"


def relative(value: datetime, now: datetime) -> str:
    """Return "in 3 days", "2 hours ago" or "just now"."""
    if abs((value - now).total_seconds()) < MOMENT:
        return _("just now")
    return span(value - now, direction=True)


def span(length: timedelta, direction: bool = False) -> str:
    """Return a length of time in its one fitting unit: "3 days", or "in 3 days" with a direction."""
    seconds = abs(length.total_seconds())
    unit, size = next(step[1:] for step in STEPS if seconds < step[0])
    sign = -1 if length < timedelta() else 1
    count = max(1, round(seconds / size)) * sign
    return format_timedelta(
        timedelta(seconds=count * size),
        granularity=unit,  # type: ignore[arg-type]
        threshold=10_000,
        add_direction=direction,
        locale=active(),
    )


def iso(value: datetime) -> str:
    """Return the instant for a `datetime` attribute."""
    return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
