"""Countries by ISO 3166-1 code, named in the reader's language."""

import re
from collections.abc import Iterable
from functools import cache

from babel import Locale, UnknownLocaleError
from django.utils.translation import get_language

_NICKNAMES = {"uk": "GB", "great britain": "GB", "usa": "US", "uae": "AE"}
_CODE = re.compile(r"[A-Z]{2}")
# Codes that Babel names although they are no country: regions, test and exceptional reservations.
_NOT_COUNTRIES = frozenset(
    {"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"}
)


class CountriesUnknown(ValueError):
    """Some of the typed words name no country; `words` are those."""

    def __init__(self, words: list[str]) -> None:
        super().__init__(", ".join(words))
        self.words = words


def choices() -> list[tuple[str, str]]:
    """Return (code, name) of every country, sorted by name, in the active language."""
    return list(_choices(get_language() or "en"))


def names() -> dict[str, str]:
    """Return every country's name by code, sorted by name, in the active language."""
    return dict(choices())


def name_of(code: str) -> str:
    """Return a country's name in the active language; the code itself if it is none."""
    return _names(get_language() or "en").get(code, code)


def is_country(code: str) -> bool:
    """Return whether the text is the code of a country."""
    return code in _names("en")


def parse(text: str) -> list[str]:
    """Read countries as people type them: names or codes between commas or line ends.

    Names count in the active language and in English. Returns sorted codes; raises CountriesUnknown.
    """
    known = _spellings(get_language() or "en")
    words = [word.strip() for word in re.split(r"[,;\n]", text) if word.strip()]
    unknown = [word for word in words if _folded(word) not in known]
    if unknown:
        raise CountriesUnknown(unknown)
    return sorted({known[_folded(word)] for word in words})


def spell(codes: Iterable[str]) -> str:
    """Return countries by name, the way `parse` reads them."""
    return ", ".join(sorted((name_of(code) for code in codes), key=_folded))


@cache
def _spellings(language: str) -> dict[str, str]:
    """Return every accepted spelling, folded, with its code."""
    spellings = {code.casefold(): code for code in _names("en")}
    for names in (_names("en"), _names(language)):
        spellings |= {_folded(name): code for code, name in names.items()}
    return spellings | _NICKNAMES


@cache
def _names(language: str) -> dict[str, str]:
    try:
        territories = Locale.parse(language.replace("-", "_")).territories
    except (ValueError, UnknownLocaleError):
        territories = Locale("en").territories
    return {
        code: name
        for code, name in territories.items()
        if _CODE.fullmatch(code) and code not in _NOT_COUNTRIES
    }


@cache
def _choices(language: str) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(_names(language).items(), key=lambda pair: _folded(pair[1])))


def _folded(name: str) -> str:
    from anyascii import anyascii  # noqa: PLC0415 - tables; only needed once per language

    return str(anyascii(name)).casefold()
