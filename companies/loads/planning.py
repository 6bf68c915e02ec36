"""What a row would do to the directory, given what is known of the company it means. Pure."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

from companies.enums import DesignationSource, RowOutcome
from companies.loads.cleaning import Entry, RowUnusable
from companies.matching import compact_of

MAX_NAMES = 60
MAX_DOMAINS = 30
MAX_FACTS = 100


@dataclass(slots=True)
class Known:
    """What the directory knows of one company."""

    pk: int
    country: str = ""
    designation: str = ""
    designated_by: str = ""
    industry: str = ""
    names: set[str] = field(default_factory=set)
    domains: set[str] = field(default_factory=set)
    numbers: set[tuple[str, str]] = field(default_factory=set)
    external_ids: set[tuple[str, str]] = field(default_factory=set)
    sites: set[tuple[str, ...]] = field(default_factory=set)
    named: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """To which companies a row's evidence leads, strongest first; several for a common name."""

    by_external_id: int | None = None
    by_number: int | None = None
    by_domain: frozenset[int] = frozenset()
    by_name: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What a row does: makes a company, adds to one, or nothing."""

    outcome: RowOutcome
    company: int | None = None
    names: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    number: tuple[str, str, bool] | None = None
    external_id: tuple[str, str] | None = None
    site: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)


def company_meant(found: Found) -> int | None:
    """The company that a row means: by external id, number, own domain, else exact name and country.

    Raises RowUnusable where the hard evidence leads to two, or only a name does and several carry it.
    """
    hard = {pk for pk in (found.by_external_id, found.by_number) if pk is not None}
    hard |= found.by_domain
    if len(hard) > 1:
        raise RowUnusable("two-companies")
    if hard:
        return next(iter(hard))
    if len(found.by_name) > 1:
        raise RowUnusable("several-named-so")
    return found.by_name[0] if found.by_name else None


def contradicts(entry: Entry, known: Known) -> bool:
    """Whether a row with a company's name says that it is another one: other domains, or another id
    in the same system, or another number of the same kind."""
    if entry.domains and known.domains and not known.domains.intersection(entry.domains):
        return True
    for ours, theirs in ((entry.external_id, known.external_ids), (entry.number, known.numbers)):
        if ours and ours[:2] not in theirs and ours[0] in {kind for kind, _value in theirs}:
            return True
    return False


def plan(entry: Entry, known: Known | None) -> Plan:
    """What the row adds; raises RowUnusable where the company may have no more."""
    spellings = (entry.name, *entry.other_names)
    if known is None:
        return Plan(
            RowOutcome.CREATE,
            None,
            _fresh(spellings, set()),
            entry.domains,
            entry.number,
            entry.external_id,
            entry.site,
            _fields(entry, Known(0)),
        )
    names = _fresh(spellings, known.names)
    domains = tuple(domain for domain in entry.domains if domain not in known.domains)
    number = entry.number if entry.number and entry.number[:2] not in known.numbers else None
    external = entry.external_id if entry.external_id not in known.external_ids else None
    site = entry.site if entry.site and site_key(entry.site) not in known.sites else {}
    fields = _fields(entry, known)
    _refuse_too_many(known, names, domains)
    news = (names, domains, number, external, site, fields)
    outcome = RowOutcome.UPDATE if any(news) else RowOutcome.SKIP
    return Plan(outcome, known.pk, names, domains, number, external, site, fields)


def site_key(site: Mapping[str, str]) -> tuple[str, ...]:
    """A site as it is compared: name, street, postcode and city without case."""
    return tuple(site.get(key, "").casefold() for key in ("site", "street", "postcode", "city"))


def keys_of(entry: Entry) -> list[int]:
    """Hashes of what identifies a row's company, the name first: two rows with a later one in common
    mean the same, and perhaps those with the same name."""
    texts = [f"name:{entry.compact}:{entry.country}"]
    texts += [f"domain:{domain}" for domain in entry.domains]
    if entry.number:
        texts.append(f"number:{entry.number[0]}:{entry.number[1]}")
    if entry.external_id:
        texts.append(f"id:{entry.external_id[0]}:{entry.external_id[1]}")
    return [hash_of(text) for text in texts]


def repeats(keys: Sequence[int], earlier: Container[int]) -> bool:
    """Whether a row means a company of a row before: by hard evidence, or by name if it has no other."""
    hard = keys[1:]
    return any(key in earlier for key in hard) or (not hard and keys[0] in earlier)


def hash_of(text: str) -> int:
    """A signed number of eight bytes."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


def _fresh(spellings: tuple[str, ...], held: set[str]) -> tuple[str, ...]:
    """The spellings that are not held yet, each comparable name once."""
    found: dict[str, str] = {}
    for spelling in spellings:
        compact = compact_of(spelling)
        if compact not in held:
            found.setdefault(compact, spelling)
    return tuple(found.values())


def _fields(entry: Entry, known: Known) -> dict[str, str]:
    """Columns that change: a country only where none is known; the list decides the designation
    unless a person did."""
    found: dict[str, str] = {}
    if entry.country and not known.country:
        found["country"] = entry.country
    if entry.designation and known.designated_by != DesignationSource.HAND:
        if entry.designation != known.designation:
            found["designation"] = entry.designation
        if known.designated_by != DesignationSource.LIST:
            found["designation_source"] = DesignationSource.LIST.value
    if entry.industry and entry.industry != known.industry:
        found["industry"] = entry.industry
    return found


def _refuse_too_many(known: Known, names: tuple[str, ...], domains: tuple[str, ...]) -> None:
    if names and known.named + len(names) > MAX_NAMES:
        raise RowUnusable("too-many-names")
    if domains and len(known.domains) + len(domains) > MAX_DOMAINS:
        raise RowUnusable("too-many-names")
