"""One row of a list, cleaned: names, domains, numbers as they are stored, or why not. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from typing import Any, Self

from django.conf import settings
from django.utils import translation

from companies import matching
from companies.domains import identifying, normalise_domain
from companies.enums import Designation
from companies.loads.columns import MAX_CELL
from companies.matching import compact_of
from companies.naming import NameUnusable, check_name
from companies.numbers import NumberUnusable, from_text
from prm import countries

DEFAULT_SYSTEM = "crm"
MAX_OTHER_NAMES = 20
MAX_DOMAINS = 20
_EXTERNAL = re.compile(r"([A-Za-z][A-Za-z0-9._-]{0,31})\s*:\s*(\S.*)")
_SITE_LENGTHS = {"site": 120, "street": 160, "postcode": 20, "city": 120}
_DESIGNATIONS = {
    "open": Designation.OPEN, "offen": Designation.OPEN,
    "vendordirect": Designation.VENDOR_DIRECT, "direct": Designation.VENDOR_DIRECT,
    "namedaccount": Designation.VENDOR_DIRECT, "named": Designation.VENDOR_DIRECT,
    "direktkunde": Designation.VENDOR_DIRECT, "direkt": Designation.VENDOR_DIRECT,
    "restricted": Designation.RESTRICTED, "gesperrt": Designation.RESTRICTED,
    "eingeschrankt": Designation.RESTRICTED,
}  # fmt: skip


class RowUnusable(ValueError):
    """The row cannot be loaded; `cause` is a key of `causes.CAUSES`."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


@dataclass(frozen=True, slots=True)
class Entry:
    """What a row says of one company, ready to be stored."""

    name: str
    country: str = ""
    other_names: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    designation: str = ""
    industry: str = ""
    parent: str = ""
    number: tuple[str, str, bool] | None = None
    external_id: tuple[str, str] | None = None
    site: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The entry as a staged row keeps it."""
        return {key: value for key, value in asdict(self).items() if value}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """The entry that `as_json` wrote."""
        values = dict(stored)
        for key in ("other_names", "domains", "number", "external_id"):
            if key in values:
                values[key] = tuple(values[key])
        return cls(**values)

    @property
    def compacts(self) -> list[str]:
        """The comparable names in every version of the normaliser that is in use."""
        return matching.versions.compacts(self.name)

    @property
    def compact(self) -> str:
        """The comparable name."""
        return compact_of(self.name)


@dataclass(frozen=True, slots=True)
class Defaults:
    """What the person who loads the list said for rows that do not say it, and the catalog's trades."""

    designation: str = ""
    country: str = ""
    industries: Mapping[str, str] = field(default_factory=dict)


def clean_row(cells: Mapping[str, str], defaults: Defaults) -> Entry:
    """The row as an entry; raises RowUnusable with the first cause."""
    if any(len(text) > MAX_CELL for text in cells.values()):
        raise RowUnusable("long-cell")
    if not cells.get("name"):
        raise RowUnusable("no-name")
    country = country_of(cells.get("country", "")) or defaults.country
    return Entry(
        name=_name(cells["name"]),
        country=country,
        other_names=_other_names(cells.get("other_names", "")),
        domains=_domains(cells.get("domains", "")),
        designation=_designation(cells.get("designation", "")) or defaults.designation,
        industry=_industry(cells.get("industry", ""), defaults.industries),
        parent=cells.get("parent", "")[:200],
        number=_number(cells.get("number", ""), country),
        external_id=_external_id(cells.get("external_id", "")),
        site=_site(cells),
    )


def folded(text: str) -> str:
    """A word without case, accents and signs, to look it up by."""
    return re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKD", text.casefold()))


def _name(text: str) -> str:
    try:
        return check_name(text)
    except NameUnusable as error:
        raise RowUnusable("bad-name") from error


def _other_names(text: str) -> tuple[str, ...]:
    names = tuple(_name(part) for part in text.split(";") if part.strip())
    if len(names) > MAX_OTHER_NAMES:
        raise RowUnusable("too-many-names")
    return names


def country_of(text: str) -> str:
    """The code of the country that was typed, as code or name; nothing for nothing. Raises RowUnusable."""
    if not text:
        return ""
    code = _country_named(text)
    if not code:
        raise RowUnusable("bad-country")
    return code


@lru_cache(maxsize=1024)
def _country_named(text: str) -> str:
    """The country that a code or a name means, in any language of the portal; nothing for none."""
    if len(text) == 2 and countries.is_country(text.upper()):
        return text.upper()
    for language, _label in settings.LANGUAGES:
        with translation.override(language):
            try:
                found = countries.parse(text)
            except countries.CountriesUnknown:
                continue
        return found[0] if len(found) == 1 else ""
    return ""


def _domains(text: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for part in re.split(r"[\s,;]+", text):
        if not part:
            continue
        if not normalise_domain(part):
            raise RowUnusable("bad-domain")
        domain = identifying(part)
        if not domain:
            raise RowUnusable("shared-domain")
        found[domain] = None
    if len(found) > MAX_DOMAINS:
        raise RowUnusable("too-many-names")
    return tuple(found)


def _designation(text: str) -> str:
    if not text:
        return ""
    found = _DESIGNATIONS.get(folded(text))
    if found is None:
        raise RowUnusable("bad-designation")
    return str(found)


def _industry(text: str, known: Mapping[str, str]) -> str:
    if not text:
        return ""
    code = known.get(folded(text))
    if code is None:
        raise RowUnusable("bad-industry")
    return code


def _number(text: str, country: str) -> tuple[str, str, bool] | None:
    if not text:
        return None
    try:
        number = from_text(text, country)
    except NumberUnusable as error:
        raise RowUnusable("bad-number") from error
    return str(number.scheme), number.value, number.validated


def _external_id(text: str) -> tuple[str, str] | None:
    if not text:
        return None
    written = _EXTERNAL.fullmatch(text)
    system, value = (written[1].lower(), written[2]) if written else (DEFAULT_SYSTEM, text)
    value = " ".join(value.split())
    if len(value) > 64:
        raise RowUnusable("bad-external-id")
    return system, value


def _site(cells: Mapping[str, str]) -> dict[str, str]:
    found = {key: " ".join(cells.get(key, "").split()) for key in _SITE_LENGTHS}
    if any(len(text) > _SITE_LENGTHS[key] for key, text in found.items()):
        raise RowUnusable("bad-site")
    return {key: text for key, text in found.items() if text}
