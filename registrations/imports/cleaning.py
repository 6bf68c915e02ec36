"""One row of a file, cleaned: what a registration is made of, or everything that is wrong with it. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from companies.domains import normalise_domain
from companies.loads.cleaning import RowUnusable, country_of, folded
from companies.loads.columns import MAX_CELL
from companies.naming import NameUnusable, check_name
from prm.money import CURRENCIES, AmountInvalid, parse_amount
from registrations.enums import LIVE_STAGES, Stage, State
from registrations.imports.columns import REQUIRED
from registrations.imports.dates import DateUnreadable, read_date, read_moment
from registrations.imports.words import stage_of, status_of

LENGTHS = {"old_reference": 64, "contact_name": 120, "description": 2_000, "contact_email": 254}
MAX_VALUE = 10**12 - 1
FIRST_YEAR, LAST_YEAR = 1990, 2100
MOST_LINES = 50

_ODD = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)
_MARKUP = re.compile(r"<\s*[a-z/!?]", re.IGNORECASE)
_GUARDED = re.compile(r"'(?=[=+\-@\t\r＝＋－＠])")


class CellUnusable(ValueError):
    """One cell cannot be used; the argument is a key of `causes.CAUSES`."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


@dataclass(frozen=True, slots=True)
class KnownPartner:
    """What must be known of a partner: whether it has ended, who works there, who gets deals of nobody."""

    pk: int
    ended: bool = False
    people: Mapping[str, int] = field(default_factory=dict)  # address -> user
    fallback: int | None = None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the portal knows that rows refer to, and how it reads figures and dates."""

    partners: Mapping[str, KnownPartner]
    everybody: frozenset[str]  # addresses of the batch that belong to somebody in the portal
    lines: Mapping[str, int]
    currency: str
    zone: ZoneInfo
    now: datetime
    day_first: bool = True
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Entry:
    """What a row says, ready to become a registration. Keys are those of rows of this tenant."""

    old_reference: str
    partner: int
    owner: int
    company: str
    country: str
    lines: tuple[int, ...]
    value: str
    currency: str
    expected_close: str
    status: str
    registered_at: str
    website: str = ""
    stage: str = Stage.PROSPECT.value
    approved_at: str = ""
    ends_at: str = ""
    contact_name: str = ""
    contact_email: str = ""
    description: str = ""

    def as_json(self) -> dict[str, Any]:
        """The entry as a row keeps it."""
        return {key: value for key, value in asdict(self).items() if value != ""}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """The entry that `as_json` wrote."""
        names = {one.name for one in fields(cls)}
        values = {key: value for key, value in stored.items() if key in names}
        return cls(**{**values, "lines": tuple(stored["lines"])})

    @property
    def is_approved(self) -> bool:
        """Whether it is to be protected."""
        return self.status == State.APPROVED

    @property
    def registered(self) -> datetime:
        """The instant at which it was registered."""
        return datetime.fromisoformat(self.registered_at)

    @property
    def approved(self) -> datetime | None:
        """The instant at which it was approved, if that is known."""
        return datetime.fromisoformat(self.approved_at) if self.approved_at else None

    @property
    def end(self) -> datetime | None:
        """The end of its protection."""
        return datetime.fromisoformat(self.ends_at) if self.ends_at else None


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A row after cleaning: an entry, or causes; notes say what was settled for the row."""

    entry: Entry | None
    causes: tuple[dict[str, Any], ...] = ()
    notes: tuple[str, ...] = ()


def clean_row(cells: Mapping[str, str], known: Surroundings) -> Cleaned:
    """The row as an entry, or all that is wrong with it, at most one cause per column."""
    causes = [{"code": code, "field": key} for key, code in _hostile(cells)]
    if causes:
        return Cleaned(None, tuple(causes))
    row = _Row({key: _plain(key, text) for key, text in cells.items()}, known)
    values = {key: row.read(key) for key in _READERS}
    row.compare(values)
    if row.causes:
        return Cleaned(None, tuple(row.causes))
    return Cleaned(Entry(**values), (), tuple(row.notes))


def spell(cells: Mapping[str, str]) -> dict[str, str]:
    """The cells without the apostrophe that our own files put before what looks like a formula."""
    return {key: _GUARDED.sub("", text, count=1) for key, text in cells.items()}


def _hostile(cells: Mapping[str, str]) -> list[tuple[str, str]]:
    """Columns whose cells no list of deals has, each with its cause."""
    found = []
    for key, text in cells.items():
        if len(text) > LENGTHS.get(key, MAX_CELL):
            found.append((key, "long-cell"))
        elif _ODD.search(text):
            found.append((key, "control"))
        elif _MARKUP.search(text):
            found.append((key, "markup"))
    return found


def _plain(key: str, text: str) -> str:
    text = unicodedata.normalize("NFC", text).strip()
    return text if key == "description" else " ".join(text.split())


class _Row:
    """Reads the cells of one row and keeps what is wrong."""

    def __init__(self, cells: Mapping[str, str], known: Surroundings) -> None:
        self.cells, self.known = cells, known
        self.causes: list[dict[str, Any]] = []
        self.notes: list[str] = []
        self.partner: KnownPartner | None = None

    def read(self, name: str) -> Any:
        """The value of one field of an entry; a cause is kept where there is none."""
        key, reader = _READERS[name]
        text = self.cells.get(key, "")
        if not text and key in REQUIRED:
            self.causes.append({"code": "missing", "field": key})
            return None
        try:
            return reader(self, text)
        except CellUnusable as error:
            self.causes.append({"code": error.cause, "field": key})
            return None

    def compare(self, values: Mapping[str, Any]) -> None:
        """Look at the cells together: the order of dates, and what an approved deal needs."""
        registered, approved = values["registered_at"], values["approved_at"]
        if registered and approved and approved[:10] < registered[:10]:
            self.causes.append({"code": "approved-first", "field": "approved_on"})
        if values["status"] != State.APPROVED or self._wrong("protected_until"):
            return
        end = values["ends_at"]
        if not end:
            self.causes.append({"code": "no-end", "field": "protected_until"})
        elif datetime.fromisoformat(end) <= self.known.now:
            self.causes.append({"code": "ended", "field": "protected_until"})

    def _wrong(self, key: str) -> bool:
        return any(cause["field"] == key for cause in self.causes)

    # --- one reader per field ---------------------------------------------------------------------

    def text(self, text: str) -> str:
        """As it is."""
        return text

    def partner_named(self, text: str) -> int:
        """The partner by name or reference."""
        found = self.known.partners.get(text.casefold())
        if found is None:
            raise CellUnusable("no-partner")
        if found.ended:
            raise CellUnusable("partner-ended")
        self.partner = found
        return found.pk

    def owner(self, text: str) -> int | None:
        """The person of the partner; an address that nobody has gives the deal to its administrator."""
        if self.partner is None:
            return None
        address = text.lower()
        if address in self.partner.people:
            return self.partner.people[address]
        if address in self.known.everybody:
            raise CellUnusable("owner-elsewhere")
        if self.partner.fallback is None:
            raise CellUnusable("nobody")
        if address:
            self.notes.append("owner-unknown")
        return self.partner.fallback

    def company(self, text: str) -> str:
        """The customer's name."""
        try:
            return check_name(text)
        except NameUnusable as error:
            raise CellUnusable("bad-company") from error

    def website(self, text: str) -> str:
        """The domain of whatever was pasted."""
        domain = normalise_domain(text)
        if text and not domain:
            raise CellUnusable("bad-website")
        return domain

    def country(self, text: str) -> str:
        """The code of a country."""
        try:
            return country_of(text)
        except RowUnusable as error:
            raise CellUnusable(error.cause) from error

    def lines(self, text: str) -> tuple[int, ...]:
        """Product lines by name in any language, or by code; a name may itself have a comma."""
        for pattern in (r"\Z", r"[;|]", r"[;|,]"):
            words = [spelling(word) for word in re.split(pattern, text) if word.strip()]
            if (
                words
                and len(words) <= MOST_LINES
                and all(word in self.known.lines for word in words)
            ):
                return tuple(dict.fromkeys(self.known.lines[word] for word in words))
        raise CellUnusable("bad-lines")

    def value(self, text: str) -> str:
        """An amount, as people type it."""
        try:
            amount = parse_amount(text, self.known.language)
        except AmountInvalid as error:
            raise CellUnusable("bad-value") from error
        if not 0 <= amount <= MAX_VALUE:
            raise CellUnusable("bad-value")
        return str(amount.quantize(Decimal("0.01")))

    def currency(self, text: str) -> str:
        """A code; the portal's own where none is given."""
        code = text.upper() or self.known.currency
        if code not in CURRENCIES:
            raise CellUnusable("bad-currency")
        return code

    def day(self, text: str) -> date:
        """A day within reason."""
        try:
            found = read_date(text, day_first=self.known.day_first)
        except DateUnreadable as error:
            raise CellUnusable("bad-date") from error
        if not FIRST_YEAR <= found.year <= LAST_YEAR:
            raise CellUnusable("bad-date")
        return found

    def close(self, text: str) -> str:
        """The expected close."""
        return self.day(text).isoformat()

    def moment(self, text: str) -> str:
        """Something that has happened: an instant that is not in the future."""
        if not text:
            return ""
        self.day(text)
        try:
            at = read_moment(text, self.known.zone, day_first=self.known.day_first)
        except DateUnreadable as error:
            raise CellUnusable("bad-date") from error
        if at > self.known.now:
            raise CellUnusable("in-future")
        return at.isoformat()

    def end(self, text: str) -> str:
        """The end of the last protected day: local midnight after it."""
        if not text:
            return ""
        after = self.day(text) + timedelta(days=1)
        return datetime.combine(after, datetime.min.time(), tzinfo=self.known.zone).isoformat()

    def stage(self, text: str) -> str:
        """The sales stage; prospect where none is given."""
        found = stage_of(text) if text else Stage.PROSPECT
        if found not in LIVE_STAGES:
            raise CellUnusable("bad-stage")
        return found.value

    def status(self, text: str) -> str:
        """Where the deal stood."""
        found = status_of(text)
        if found is None:
            raise CellUnusable("bad-status")
        return found.value

    def address(self, text: str) -> str:
        """An e-mail address."""
        if text:
            try:
                validate_email(text)
            except ValidationError as error:
                raise CellUnusable("bad-email") from error
        return text


_READERS: dict[str, tuple[str, Callable[[_Row, str], Any]]] = {
    "old_reference": ("old_reference", _Row.text),
    "partner": ("partner", _Row.partner_named),
    "owner": ("owner", _Row.owner),
    "company": ("company", _Row.company),
    "website": ("website", _Row.website),
    "country": ("country", _Row.country),
    "lines": ("product_lines", _Row.lines),
    "value": ("value", _Row.value),
    "currency": ("currency", _Row.currency),
    "expected_close": ("expected_close", _Row.close),
    "stage": ("stage", _Row.stage),
    "status": ("status", _Row.status),
    "registered_at": ("registered_on", _Row.moment),
    "approved_at": ("approved_on", _Row.moment),
    "ends_at": ("protected_until", _Row.end),
    "contact_name": ("contact_name", _Row.text),
    "contact_email": ("contact_email", _Row.address),
    "description": ("description", _Row.text),
}


def spelling(text: str) -> str:
    """A name of the catalog as it is compared; scripts without case and accents stay as they are."""
    return folded(text) or " ".join(text.casefold().split())
