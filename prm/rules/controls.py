"""Values of rules in a form: which input fits a field, and what was typed as JSON.

What cannot be read is kept as it was typed, so that nothing is lost in a draft; `problem` then says why.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from prm.money import AmountInvalid, parse_amount
from prm.rules import values
from prm.rules.fields import Field, Kind
from prm.rules.operators import Arity, Op, arity
from prm.rules.tree import read_value

FEW = 8  # choices that are shown one below the other
_LIKE_THOUSANDS = re.compile(r"-?[1-9]\d{0,2}\.\d{3}")
Options = list[tuple[str, str, bool]]


@dataclass(frozen=True, slots=True)
class Input:
    """One input: its name, what stands in it, and the currency of an amount."""

    name: str
    text: str
    label: str = ""
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Control:
    """The inputs of one value as `templates/rules/_control.html` shows them.

    `shape` is none, text, number, date, money, choice (one of the options), choices (several).
    """

    id: str
    shape: str
    label: str
    inputs: tuple[Input, ...] = ()
    options: Options | None = None
    problem: str = ""
    help: str = ""
    unit: str = ""
    may_be_none: bool = False
    is_none: bool = False

    @property
    def many(self) -> bool:
        """Whether there are too many options to show them all at once."""
        return len(self.options or ()) > FEW

    @property
    def chosen(self) -> str:
        """The labels of what is chosen."""
        return ", ".join(label for _code, label, on in self.options or () if on)

    @property
    def anchor(self) -> str:
        """The id of the first input, for links from the summary."""
        return f"{self.id}-0" if self.shape == "choices" and not self.many else self.id

    @property
    def described(self) -> str:
        """The ids of help and problem, for `aria-describedby`."""
        parts = [f"{self.id}_help" if self.help else "", f"{self.id}_error" if self.problem else ""]
        return " ".join(part for part in parts if part)


def typed(data: QueryDict, name: str, field: Field, wanted: Arity) -> Any:
    """Return what was typed as JSON, readable or not; None for nothing."""
    if wanted is Arity.NONE:
        return None
    if wanted is Arity.TWO:
        pair = [_one(data, name, field), _one(data, f"{name}-high", field)]
        return None if pair == [None, None] else pair
    if wanted is Arity.ONE:
        return _one(data, name, field)
    if data.get(f"{name}-none"):
        return []
    if field.options() is not None:
        return [code for code in data.getlist(name) if code] or None
    return [part.strip() for part in data.get(name, "").split(",") if part.strip()] or None


def _one(data: QueryDict, name: str, field: Field) -> Any:
    text = data.get(name, "").replace("\0", "").strip()[: values.MAX_TEXT]
    if not text:
        return None
    if field.kind is Kind.MONEY:
        return {"amount": _figure(text), "currency": data.get(f"{name}-currency", "")[:3]}
    if field.kind is Kind.NUMBER:
        return _figure(text)
    if field.kind is Kind.YES_NO:
        return {"true": True, "false": False}.get(text, text)
    return text


def _figure(text: str) -> str:
    try:
        return f"{parse_amount(text, get_language() or 'en'):f}"
    except AmountInvalid:
        return text


def converted(raw: Any, was: Arity, now: Arity) -> Any:
    """Return a value for a comparison that takes another number of values."""
    if was is now or raw is None:
        return raw
    first = raw[0] if isinstance(raw, list) else raw
    if now is Arity.NONE or first is None:
        return None
    return {Arity.ONE: first, Arity.TWO: [first, None], Arity.MANY: [first]}[now]


def is_blank(raw: Any) -> bool:
    """Return whether nothing was typed yet."""
    return raw is None or raw in ("", [])


def problem_of_value(field: Field, op: Op, raw: Any) -> str:
    """Return what is wrong with the value of a comparison; nothing when it can be read."""
    if arity(op) is not Arity.NONE and is_blank(raw):
        return _("Enter a value.") if field.options() is None else _("Choose a value.")
    try:
        read_value(field, op, raw)
    except values.ValueRefused as refused:
        return str(refused.args[0])
    return ""


def problem_of_outcome(field: Field, raw: Any) -> str:
    """Return what is wrong with an outcome's value; nothing when it can be read."""
    try:
        values.read_outcome(field, raw)
    except values.ValueRefused as refused:
        return str(refused.args[0])
    return ""


def control(
    field: Field,
    name: str,
    raw: Any,
    wanted: Arity,
    *,
    label: str,
    home: str,
    problem: str = "",
    optional: bool = False,
) -> Control:
    """Return the inputs for a value; an optional one can be left without any."""
    options = _options(field, raw, optional) if wanted in (Arity.ONE, Arity.MANY) else None
    shape = _shape(field, wanted, options)
    return Control(
        id=f"id-{name}",
        shape=shape,
        label=label,
        inputs=_inputs(field, name, raw, wanted, home),
        options=[each for each in options if each[0]]
        if options and shape == "choices"
        else options,
        problem=problem,
        help=str(field.help) if optional else "",
        unit=str(field.unit),
        may_be_none=optional and wanted is Arity.MANY,
        is_none=raw == [],
    )


def _shape(field: Field, wanted: Arity, options: Options | None) -> str:
    if wanted is Arity.NONE:
        return "none"
    if options is not None:
        return "choices" if wanted is Arity.MANY else "choice"
    return {Kind.NUMBER: "number", Kind.DATE: "date", Kind.MONEY: "money"}.get(field.kind, "text")


def _options(field: Field, raw: Any, optional: bool) -> Options | None:
    """Return code, label and whether it is chosen; a chosen code that was retired is there too."""
    chosen = raw if isinstance(raw, list) else [] if raw is None else [raw]
    if field.kind is Kind.YES_NO:
        known = {"true": _("yes"), "false": _("no")}
        chosen = ["true" if each is True else "false" if each is False else each for each in chosen]
    elif field.kind in (Kind.CHOICE, Kind.SET) and (given := field.options()) is not None:
        known = {code: str(label) for code, label in given.items()}
    else:
        return None
    gone = [code for code in chosen if isinstance(code, str) and code not in known and code]
    parts = {code: _("%(code)s (no longer a choice)") % {"code": code} for code in gone}
    nothing = _("not decided here") if optional else _("Choose")
    every = [(code, label, code in chosen) for code, label in {**known, **parts}.items()]
    return [("", nothing, not chosen), *every]


def _inputs(field: Field, name: str, raw: Any, wanted: Arity, home: str) -> tuple[Input, ...]:
    if wanted is Arity.TWO:
        low, high = raw if isinstance(raw, list) and len(raw) == 2 else (None, None)
        low, high = _input(field, name, low, home), _input(field, f"{name}-high", high, home)
        return (
            Input(low.name, low.text, _("from"), low.currency),
            Input(high.name, high.text, _("to"), high.currency or low.currency),
        )
    if isinstance(raw, list):
        return (Input(name, ", ".join(str(each) for each in values_sorted(raw))),)
    return (_input(field, name, raw, home),)


def values_sorted(raw: list[Any]) -> list[Any]:
    """Return members as they are shown: figures by size, else as they are."""
    if all(str(each).isdecimal() for each in raw):
        return sorted(raw, key=int)
    return raw


def _input(field: Field, name: str, raw: Any, home: str) -> Input:
    currency = home
    if isinstance(raw, Mapping):
        currency = str(raw.get("currency") or home)
        raw = raw.get("amount")
    text = "" if raw is None else str(raw)
    if field.kind in (Kind.NUMBER, Kind.MONEY) and _LIKE_THOUSANDS.fullmatch(text):
        text += "0"  # 1.125 typed by a person is a thousand; a further decimal says it is not
    return Input(name, text, currency=currency if field.kind is Kind.MONEY else "")
