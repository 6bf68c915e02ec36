"""Registration numbers: how they are written, and whether their check digits are right. Pure.

VAT numbers and LEIs are checked by python-stdnum, which knows the rules of some 60 countries; a
number of a scheme or country that it does not know is kept as it is, not validated.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from stdnum import get_cc_module, lei
from stdnum.exceptions import ValidationError

from companies.enums import NumberScheme

MAX_LENGTH = 64
MOST = 10
"""So many numbers of one company are looked at when it is looked for."""
_PER_COUNTRY = 2
"""A VAT number begins with the letters of its country: a company may have one in each."""
_SCHEME = re.compile(r"[A-Z][A-Z0-9-]{1,15}")
_SEPARATORS = re.compile(r"[\s.\-/]")
_VAT = re.compile(r"[A-Z]{2}[A-Z0-9+*]{2,13}")
_PREFIXES = {"GR": "EL"}
"""Countries whose VAT numbers begin with other letters."""
_COUNTRIES = {"EL": "gr", "XI": "gb"}


class NumberUnusable(ValueError):
    """What was typed is no number of its scheme; the text says why, ready to show."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it is stored; `validated` when its check digits were checked and are right."""

    scheme: str
    value: str
    validated: bool = False

    @property
    def lock_key(self) -> str:
        """The key under which changes to this number wait for each other."""
        return f"company-number:{self.scheme}:{self.value}"

    @property
    def kind(self) -> tuple[str, str]:
        """What a company has one of at most: an LEI, a VAT number per country."""
        return self.scheme, self.value[:_PER_COUNTRY] if self.scheme == NumberScheme.VAT else ""


def usable(typed: Iterable[tuple[str, str]], country: str = "") -> tuple[Number, ...]:
    """The numbers in what was typed as (scheme, value), each once, at most ten; what is none is left
    out. Never raises for any text."""
    found: dict[tuple[str, str], Number] = {}
    for scheme, value in list(typed)[:MOST]:
        try:
            number = checked_number(scheme, value, country)
        except NumberUnusable:
            continue
        found[number.scheme, number.value] = number
    return tuple(found.values())


def spellings(text: str) -> list[str]:
    """How a number that somebody looks for may be stored; nothing for texts without a digit."""
    visible = _visible(text[: 4 * MAX_LENGTH])
    if len(visible) > MAX_LENGTH or not any(char.isdigit() for char in visible):
        return []
    return list(dict.fromkeys([visible.upper(), _SEPARATORS.sub("", visible).upper()]))


def contradicts(typed: Iterable[Number], held: Iterable[Number]) -> tuple[Number, Number] | None:
    """A number and another of its kind, both with right digits, where no number agrees; else None."""
    own = {(number.scheme, number.value) for number in held}
    asked = list(typed)
    if any((number.scheme, number.value) in own for number in asked):
        return None
    kinds = {number.kind: number for number in held if number.validated}
    pairs = ((number, kinds.get(number.kind)) for number in asked if number.validated)
    return next(((one, other) for one, other in pairs if other is not None), None)


def checked_number(scheme: str, value: str, country: str = "") -> Number:
    """The number as it is stored. The country helps where a VAT number lacks its letters.

    Raises NumberUnusable with a sentence.
    """
    code = scheme[:MAX_LENGTH].strip().upper().replace(" ", "-")
    if not _SCHEME.fullmatch(code):
        raise NumberUnusable(_("Name the kind of number in 2 to 16 letters, such as VAT or DUNS."))
    text = _visible(value)
    if not any(char.isalnum() for char in text):
        raise NumberUnusable(_("Enter the number."))
    if len(text) > MAX_LENGTH:
        raise NumberUnusable(_("Use at most %(count)s characters.") % {"count": MAX_LENGTH})
    if code == NumberScheme.VAT:
        return _vat(text, country)
    if code == NumberScheme.LEI:
        return _lei(text)
    if code == NumberScheme.DUNS:
        return _duns(text)
    if len(text.upper()) > MAX_LENGTH:  # some letters are two in capitals
        raise NumberUnusable(_("Use at most %(count)s characters.") % {"count": MAX_LENGTH})
    return Number(code, text.upper())


def _visible(value: str) -> str:
    """Single spaces, nothing that cannot be seen or stored: marks of direction, control characters."""
    spaced = "".join(char if char.isprintable() else " " * char.isspace() for char in value)
    return " ".join(spaced.split())


def from_text(text: str, country: str = "") -> Number:
    """A number written as "SCHEME: value"; without a scheme it is taken for a VAT number."""
    head, colon, tail = text.partition(":")
    if colon:
        return checked_number(head, tail, country)
    return checked_number(NumberScheme.VAT, text, country)


def _vat(text: str, country: str) -> Number:
    compact = _SEPARATORS.sub("", text).upper()
    prefix = _PREFIXES.get(country.upper(), country.upper())
    if not compact[:2].isalpha():
        compact = prefix + compact
    if not _VAT.fullmatch(compact):
        raise NumberUnusable(
            _("A VAT number begins with the two letters of its country, such as DE129273398.")
        )
    module = _vat_module(compact[:2])
    if module is None:
        return Number(NumberScheme.VAT, compact)
    if not _is_valid(module, compact):
        raise NumberUnusable(
            _("%(number)s is no VAT number of that country: a digit is wrong or missing.")
            % {"number": compact}
        )
    return Number(NumberScheme.VAT, compact, validated=True)


def _vat_module(prefix: str) -> Any:
    return get_cc_module(_COUNTRIES.get(prefix, prefix.lower()), "vat")


def _is_valid(module: Any, compact: str) -> bool:
    """With and without the country's letters: the modules differ in what they expect."""
    for candidate in (compact, compact[2:]):
        try:
            module.validate(candidate)
        except ValidationError:
            continue
        return True
    return False


def _lei(text: str) -> Number:
    compact = _SEPARATORS.sub("", text).upper()
    try:
        lei.validate(compact)
    except ValidationError as error:
        raise NumberUnusable(
            _("An LEI has 20 letters and digits; one of these is wrong or missing.")
        ) from error
    return Number(NumberScheme.LEI, compact, validated=True)


def _duns(text: str) -> Number:
    compact = _SEPARATORS.sub("", text)
    if not re.fullmatch(r"[0-9]{9}", compact):
        raise NumberUnusable(_("A D-U-N-S number has nine digits."))
    return Number(NumberScheme.DUNS, compact)
