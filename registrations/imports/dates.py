"""Dates and times as lists from elsewhere have them. Pure."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from django.conf import settings

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?")
_FIGURES = re.compile(r"(\d{1,2})([./-])\s*(\d{1,2})\2\s*(\d{4}|\d{2})")
_DAY_MONTH = re.compile(r"(\d{1,2})(?:\.|st|nd|rd|th)?[\s-]+([^\W\d_]+)\.?,?[\s-]+(\d{4})")
_MONTH_DAY = re.compile(r"([^\W\d_]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_MONTH_ONLY = re.compile(r"([^\W\d_]+)\.?\s+(\d{4})|(\d{1,2})/(\d{4})")
_TIME = re.compile(
    r"[T\s,]\s*(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d{1,9})?)?\s*([AaPp][Mm]?)?\.?\s*"
    r"(Uhr|Z|UTC|[+-]\d{2}:?\d{2})?$",
)
CENTURY = 2000


class DateUnreadable(ValueError):
    """What was typed is no date."""


def read_date(text: str, *, day_first: bool = True) -> date:
    """The day that was typed; a month alone means its first day. Raises DateUnreadable.

    `day_first` says how 03/04/2026 is meant; with points (03.04.2026) the day always is first.
    """
    typed = " ".join(_TIME.sub("", text.strip()).split())
    found = _iso(typed) or _figures(typed, day_first) or _words(typed)
    if found is None:
        raise DateUnreadable(text)
    try:
        return date(*found)
    except ValueError as error:
        raise DateUnreadable(text) from error


def read_moment(text: str, zone: ZoneInfo, *, day_first: bool = True) -> datetime:
    """The instant that was typed; without a time it is midnight, without a zone the given one.

    Raises DateUnreadable.
    """
    day = read_date(text, day_first=day_first)
    written = _TIME.search(text.strip())
    if written is None:
        return datetime.combine(day, time(), tzinfo=zone)
    hours, minutes, seconds, half, offset = written.groups()
    try:
        clock = time(_hours(int(hours), half), int(minutes), int(seconds or 0))
    except ValueError as error:
        raise DateUnreadable(text) from error
    if offset in (None, "Uhr"):
        return datetime.combine(day, clock, tzinfo=zone)
    shown = "+00:00" if offset in ("Z", "UTC") else offset
    try:
        return datetime.fromisoformat(f"{day.isoformat()}T{clock.isoformat()}{shown}")
    except ValueError as error:
        raise DateUnreadable(text) from error


def _hours(hours: int, half: str | None) -> int:
    if not half:
        return hours
    if not 1 <= hours <= 12:
        raise ValueError(hours)
    return hours % 12 + (12 if half[0] in "pP" else 0)


def _iso(text: str) -> tuple[int, int, int] | None:
    found = _ISO.fullmatch(text)
    return (int(found[1]), int(found[2]), int(found[3] or 1)) if found else None


def _figures(text: str, day_first: bool) -> tuple[int, int, int] | None:
    found = _FIGURES.fullmatch(text)
    if found is None:
        return None
    one, sign, other, year = int(found[1]), found[2], int(found[3]), int(found[4])
    year += CENTURY if year < 100 else 0
    is_day_first = day_first or sign == "." or one > 12
    if is_day_first and other > 12 >= one:  # it can only be the other way round
        is_day_first = False
    return (year, other, one) if is_day_first else (year, one, other)


def _words(text: str) -> tuple[int, int, int] | None:
    if found := _DAY_MONTH.fullmatch(text):
        return _known(found[3], found[2], found[1])
    if found := _MONTH_DAY.fullmatch(text):
        return _known(found[3], found[1], found[2])
    if found := _MONTH_ONLY.fullmatch(text):
        if found[3]:
            return int(found[4]), int(found[3]), 1
        return _known(found[2], found[1], "1")
    return None


def _known(year: str, month: str, day: str) -> tuple[int, int, int] | None:
    number = _months().get(month.casefold())
    return (int(year), number, int(day)) if number else None


@lru_cache(maxsize=1)
def _months() -> dict[str, int]:
    """Names of months, long and short, in every language of the portal."""
    names: dict[str, int] = {}
    for language, _label in settings.LANGUAGES:
        try:
            months = Locale.parse(language.replace("-", "_")).months
        except (ValueError, UnknownLocaleError):
            continue
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in months[context][width].items():
                    names.setdefault(name.casefold().rstrip("."), int(number))
    return names | {"sept": 9}
