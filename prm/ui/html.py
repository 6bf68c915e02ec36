"""Small pieces of HTML made in Python, for table cells and template tags: icon, status, time, money.

One place writes each piece; the cotton components call the same functions through `prm.ui.templatetags.ui`.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from typing import Literal

from django.templatetags.static import static
from django.utils import translation
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from prm import clock
from prm.money import Money, format_money
from prm.ui import dates

Tone = Literal["neutral", "info", "warning", "success", "danger", "accent"]
SlaState = Literal["ok", "soon", "breached", "paused"]

TONE_ICONS: dict[str, str] = {
    "neutral": "circle",
    "info": "clock",
    "warning": "warning",
    "success": "check-circle",
    "danger": "x-circle",
    "accent": "info",
}
NOTHING = mark_safe('<span class="faint" aria-hidden="true">–</span>')
SOON = 0.25  # of the whole time is left


@cache
def _sprite() -> str:
    return static("icons.svg")


@lru_cache(maxsize=512)
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """Return an icon of the sprite; decoration unless it carries a label."""
    classes = f"icon {css}".strip()
    heard = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return mark_safe(  # noqa: S308 - every part is escaped or ours
        f'<svg class="{escape(classes)}" {heard}><use href="{escape(_sprite())}#{escape(name)}"/></svg>'
    )


def status(label: object, tone: str = "neutral", picture: str = "") -> SafeString:
    """Return a status: icon, word and a subtle ground, so colour never stands alone."""
    return _status(str(label), tone, picture)


@lru_cache(
    maxsize=1024, typed=True
)  # typed: text that is safe is not mistaken for text that is not
def _status(label: str, tone: str, picture: str) -> SafeString:
    return format_html(
        '<span class="status status-{}">{}{}</span>',
        tone,
        icon(picture or TONE_ICONS.get(tone, "circle")),
        label,
    )


def moment(value: date | datetime | None, style: str = "datetime") -> SafeString:
    """Return a <time> in the reader's zone.

    Styles: `date`, `time`, `datetime`, `weekday`, `second` and `clock` (to the second), `relative`
    (absolute on hover) and `both`.
    """
    if value is None:
        return NOTHING
    if not isinstance(value, datetime):
        return _time(value.isoformat(), dates.format_date(value))
    text = _WRITERS[style](value) if style in _WRITERS else dates.format_moment(value)
    if style in {"date", "time", "datetime", "weekday", "second", "clock"}:
        return _time(dates.iso(value), text)
    now = clock.now()
    ticking = format_html(
        '<time datetime="{}" data-tick="relative" data-now="{}" title="{}">{}</time>',
        dates.iso(value),
        int(now.timestamp()),
        text,
        dates.relative(value, now),
    )
    if style == "relative":
        return ticking
    return format_html(
        '<span class="nowrap">{}</span> <span class="muted">({})</span>', text, ticking
    )


def _time(instant: str, text: str) -> SafeString:
    """Write the tag; plainly, because lists do it hundreds of times a page."""
    return mark_safe(f'<time datetime="{instant}">{escape(text)}</time>')  # noqa: S308 - an ISO instant


_WRITERS = {
    "date": dates.format_date,
    "time": dates.format_time,
    "datetime": dates.format_moment,
    "weekday": dates.format_weekday,
    "second": dates.format_second,
    "clock": dates.format_clock,
}


def sla_state(due: datetime, started: datetime | None = None) -> SlaState:
    """Return how a deadline stands now; `soon` means a quarter of the time or less is left."""
    now = clock.now()
    if now >= due:
        return "breached"
    whole = due - started if started else timedelta(days=1)
    return "soon" if due - now <= whole * SOON else "ok"


def sla(
    due: datetime | None, state: SlaState | None = None, *, started: datetime | None = None,
    resumes: datetime | None = None, absolute: bool = True,
) -> SafeString:  # fmt: skip
    """Return the chip of a deadline: icon, "2 hours left", and the moment itself in text."""
    if due is None:
        return NOTHING
    state = state or sla_state(due, started)
    now = clock.now()
    if state == "paused":
        words = _("Paused")
        after = _("resumes %(when)s") % {"when": dates.format_weekday(resumes)} if resumes else ""
    else:
        length = {"span": dates.span(due - now)}
        words = (_("%(span)s late") if now >= due else _("%(span)s left")) % length
        after = _("due %(when)s") % {"when": dates.format_weekday(due)}
    tone, picture = _SLA[state]
    tick = "" if state == "paused" else _TICKING
    chip = format_html(
        '<span class="status sla status-{}">{}<time datetime="{}" data-now="{}"{}>{}</time></span>',
        tone, icon(picture), dates.iso(due), int(now.timestamp()), tick, words,
    )  # fmt: skip
    return format_html("{} <small>{}</small>", chip, after) if absolute and after else chip


_TICKING = mark_safe(' data-tick="sla"')
_SLA: dict[str, tuple[str, str]] = {
    "ok": ("neutral", "clock"),
    "soon": ("warning", "clock"),
    "breached": ("danger", "warning"),
    "paused": ("neutral", "pause"),
}


def money(amount: Decimal | int | None, currency: str, whole: bool = False) -> str:
    """Return an amount as the reader's language writes it; `whole` leaves the cents out."""
    if amount is None:
        return ""
    return _money(Decimal(amount), currency, translation.get_language() or "en", whole)


@lru_cache(maxsize=2048)
def _money(amount: Decimal, currency: str, language: str, whole: bool) -> str:
    return format_money(Money(amount, currency), language, whole=whole)
