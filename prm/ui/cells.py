"""Cells for the list kit: each knows how a row's value looks on the page and in a CSV file.

    Column("value", _("Value"), cells.money("value", "currency"), sort="value", align="end")

A source is a dotted attribute path or a function of the row. Attribute paths through relations need
`select_related`, or the list's query count grows with its rows.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.template.loader import get_template
from django.utils import timezone

from prm.ui import html
from prm.ui.labels import label_of

_DISPLAY = re.compile(r"get_(\w+)_display")
Source = str | Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Cell:
    """What the page shows (escaped unless it is safe HTML), what the CSV holds, and a quieter line."""

    show: Callable[[Any], Any]
    plain: Callable[[Any], Any]
    below: Callable[[Any], Any] | None = None


def reader(source: Source) -> Callable[[Any], Any]:
    """Return a function that reads a source from a row; a missing link of a path gives None."""
    if callable(source):
        return source
    if choice := _DISPLAY.fullmatch(source):
        field = choice.group(1)
        return lambda row: label_of(row, field)
    names = source.split(".")

    def read(row: Any) -> Any:
        value = row
        for name in names:
            value = getattr(value, name)
            if value is None:
                return None
        return value() if callable(value) else value

    return read


def text(source: Source, below: Source | None = None) -> Cell:
    """A text, with a second, quieter line below it if wanted."""
    read = reader(source)
    second = reader(below) if below is not None else None
    return Cell(lambda row: _or_nothing(read(row)), read, second)


def status(source: Callable[[Any], tuple[Any, str] | tuple[Any, str, str]]) -> Cell:
    """A status from `(label, tone)` or `(label, tone, icon)`."""
    return Cell(lambda row: html.status(*source(row)), lambda row: source(row)[0])


def choice(name: str, tones: dict[str, str]) -> Cell:
    """A status for a model field with choices: its label, with a tone by value."""
    return Cell(
        lambda row: html.status(label_of(row, name), tones.get(getattr(row, name), "neutral")),
        lambda row: label_of(row, name),
    )


def moment(source: Source, style: str = "datetime") -> Cell:
    """A point in time; styles as in `prm.ui.html.moment`."""
    read = reader(source)
    return Cell(lambda row: html.moment(read(row), style), lambda row: _time(read(row), style))


def sla(due: Source, state: Source | None = None, started: Source | None = None) -> Cell:
    """A deadline with the time left."""
    read, how = reader(due), reader(state) if state else None
    since = reader(started) if started else None

    def show(row: Any) -> Any:
        return html.sla(
            read(row),
            how(row) if how else None,
            started=since(row) if since else None,
            absolute=False,
        )

    return Cell(show, lambda row: _time(read(row), "datetime"))


def money(amount: Source, currency: Source, whole: bool = True) -> Cell:
    """An amount with its currency; the CSV holds the bare number (add a column for the currency)."""
    read, code = reader(amount), reader(currency)

    def show(row: Any) -> Any:
        value = read(row)
        return html.NOTHING if value is None else html.money(value, code(row), whole)

    return Cell(show, read)


def number(source: Source) -> Cell:
    """A count or measure."""
    return Cell(reader(source), reader(source))


def template(name: str, plain: Source) -> Cell:
    """A cell from a template that sees `row`. Slower: for one column at most."""
    return Cell(lambda row: get_template(name).render({"row": row}), reader(plain))


def _or_nothing(value: Any) -> Any:
    return html.NOTHING if value is None or value == "" else value


def _time(value: date | datetime | None, style: str) -> date | datetime | Decimal | None:
    if isinstance(value, datetime) and style == "date":
        return timezone.localtime(value).date()
    return value
