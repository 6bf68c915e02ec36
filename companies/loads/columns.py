"""The columns that a list may have, and what a header probably means. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

MAX_COLUMNS = 60
MAX_CELL = 2_000
MAX_ROWS = 1_000_000


@dataclass(frozen=True, slots=True)
class Column:
    """Something a list may say of a company; `words` are headers that mean it."""

    key: str
    label: StrPromise
    hint: StrPromise | str
    words: tuple[str, ...]


COLUMNS = (
    Column("name", _("Company name"), "", (
        "name", "company", "companyname", "account", "accountname", "customer", "customername",
        "firma", "firmenname", "kunde", "kundenname", "unternehmen",
    )),
    Column("other_names", _("Other names"), _("Several parted by a semicolon."), (
        "othernames", "aliases", "alias", "alsoknownas", "aka", "tradename", "weiterenamen",
        "aliasnamen",
    )),
    Column("domains", _("Web domains"), _("Several parted by a semicolon or a space."), (
        "domain", "domains", "website", "web", "url", "homepage", "webseite", "internet",
    )),
    Column("country", _("Country"), _("Two letters, or the name."), (
        "country", "countrycode", "billingcountry", "land", "staat",
    )),
    Column("designation", _("Designation"), _("Open, vendor-direct or restricted."), (
        "designation", "status", "accounttype", "einstufung", "zuordnung",
    )),
    Column("industry", _("Industry"), _("As in your catalog."), ("industry", "sector", "branche")),
    Column("parent", _("Parent"), _("The name, web domain or external ID of the company that owns it."), (
        "parent", "parentcompany", "parentaccount", "konzern", "mutter", "muttergesellschaft",
    )),
    Column("number", _("Registration number"), _("A VAT number, or kind and number such as “DUNS: 123456789”."), (
        "vat", "vatnumber", "vatid", "number", "registrationnumber", "ustid", "ustidnr", "handelsregister",
        "duns", "lei",
    )),
    Column("external_id", _("External ID"), _("The ID in your CRM, or system and ID such as “erp: 4711”."), (
        "externalid", "id", "crmid", "accountid", "accountnumber", "customernumber", "kundennummer",
    )),
    Column("site", _("Site"), _("What the place is called."), ("site", "location", "standort", "niederlassung")),
    Column("street", _("Street"), "", ("street", "address", "strasse", "adresse", "billingstreet")),
    Column("postcode", _("Postcode"), "", ("postcode", "zip", "zipcode", "postalcode", "plz")),
    Column("city", _("City"), "", ("city", "town", "ort", "stadt", "billingcity")),
)  # fmt: skip
BY_KEY = {column.key: column for column in COLUMNS}


def guess(header: Sequence[str], columns: Sequence[Column] = COLUMNS) -> dict[str, int]:
    """Which column of the file probably is which of ours: our key -> position."""
    found: dict[str, int] = {}
    words = [bare(cell) for cell in header]
    for column in columns:
        for word in column.words:
            if column.key not in found and word in words:
                at = words.index(word)
                if at not in found.values():
                    found[column.key] = at
    return found


def pick(cells: Sequence[str], mapping: Mapping[str, int]) -> dict[str, str]:
    """The cells of a row by our keys; a missing cell is empty."""
    return {key: cells[at].strip() if at < len(cells) else "" for key, at in mapping.items()}


def bare(text: str) -> str:
    """A header as it is compared: letters and digits without case and accents."""
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss").casefold())
    return re.sub(r"[^a-z0-9]", "", plain)
