"""Registration numbers: how they are written, and whether their check digits are right. Pure.

VAT numbers and LEIs are checked by python-stdnum, which knows the rules of some 60 countries; a
number of a scheme or country that it does not know is kept as it is, not validated.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from stdnum import get_cc_module, lei
from stdnum.exceptions import ValidationError

from companies.enums import NumberScheme

MAX_LENGTH = 64
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


def checked_number(scheme: str, value: str, country: str = "") -> Number:
    """The number as it is stored. The country helps where a VAT number lacks its letters.

    Raises NumberUnusable with a sentence.
    """
    code = scheme.strip().upper().replace(" ", "-")
    if not _SCHEME.fullmatch(code):
        raise NumberUnusable(_("Name the kind of number in 2 to 16 letters, such as VAT or DUNS."))
    text = " ".join(value.split())
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
    return Number(code, text.upper())


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
