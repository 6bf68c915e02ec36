"""Opening hours as people type them: "09:00-12:30, 13:30-17:00". Pure; knows no rows.

A day without text is closed. 24:00 is the end of the day, kept as 00:00.
"""

import re
from collections.abc import Iterable
from datetime import time
from itertools import pairwise

from django.utils.translation import gettext as _

from prm.business_time import MIDNIGHT, Span

MAX_SPANS = 6
_SPAN = re.compile(r"(\d{1,2})(?:[:.h]?(\d{2}))?\s*-\s*(\d{1,2})(?:[:.h]?(\d{2}))?")
_BETWEEN = re.compile(r"[,;]|\s+and\s+|\s+und\s+|\n")


class HoursInvalid(ValueError):
    """The spans of a day cannot be read or do not fit together; the message is for the form."""


def parse(text: str) -> tuple[Span, ...]:
    """Return the day's spans in order; raise HoursInvalid with a sentence for the form."""
    plain = re.sub("[\u2010-\u2015\u2212]", "-", text.strip())
    parts = [part.strip() for part in _BETWEEN.split(plain) if part.strip()]
    if len(parts) > MAX_SPANS:
        raise HoursInvalid(_("Enter at most %(count)d spans a day.") % {"count": MAX_SPANS})
    return checked(_span(part) for part in parts)


def checked(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the spans in order; raise HoursInvalid when one ends before it starts or two overlap."""
    ordered = tuple(sorted(spans))
    for opens, closes in ordered:
        if closes != MIDNIGHT and closes <= opens:
            raise HoursInvalid(
                _("%(closes)s is not after %(opens)s.")
                % {"closes": spell_end(closes), "opens": f"{opens:%H:%M}"}
            )
    for (_opens, closes), (opens, _closes) in pairwise(ordered):
        if closes == MIDNIGHT or opens < closes:
            raise HoursInvalid(_("Two spans overlap at %(time)s.") % {"time": f"{opens:%H:%M}"})
    return ordered


def spell(spans: Iterable[Span]) -> str:
    """Return spans the way `parse` reads them."""
    return ", ".join(f"{opens:%H:%M}-{spell_end(closes)}" for opens, closes in spans)


def spell_end(closes: time) -> str:
    """Return a closing time; midnight is the end of the day."""
    return "24:00" if closes == MIDNIGHT else f"{closes:%H:%M}"


def _span(text: str) -> Span:
    found = _SPAN.fullmatch(text)
    if found is None:
        raise HoursInvalid(_("Enter hours like 09:00-12:30, 13:30-17:00."))
    from_hour, from_minute, to_hour, to_minute = found.groups(default="0")
    return _time(from_hour, from_minute), _time(to_hour, to_minute, end=True)


def _time(hour: str, minute: str, *, end: bool = False) -> time:
    if end and (int(hour), int(minute)) == (24, 0):
        return MIDNIGHT
    try:
        return time(int(hour), int(minute))
    except ValueError as error:
        raise HoursInvalid(
            _("%(time)s is not a time of day.") % {"time": f"{hour}:{minute}"}
        ) from error
