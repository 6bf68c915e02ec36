"""Reads about companies: who is meant, what looks like it, what to lock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Case, F, Q, QuerySet, When

from companies import matching, numbers
from companies.domains import identifying, normalise_domain
from companies.enums import NameSource, Verdict
from companies.matching import CompanyQuery, Evidence, Level, Match, explain
from companies.models import Company, CompanyDomain, CompanyName, CompanyNumber, NameVerdict
from companies.numbers import Number
from prm import countries

SEARCH_LIMIT = 50
_TONES = {Level.STRONG: "warning", Level.LIKELY: "info", Level.POSSIBLE: "neutral"}
TRUSTED = (NameSource.CONFIRMED, NameSource.ALIAS, NameSource.IMPORT)


@dataclass(frozen=True, slots=True)
class Likely:
    """A company that is probably the one in question, with the reasons ready to show."""

    company: Company
    match: Match
    level: str
    reasons: tuple[tuple[str, int], ...]

    @property
    def tone(self) -> str:
        """How loudly the page says it."""
        return _TONES[self.match.level]

    @property
    def country(self) -> str:
        """The country in the reader's language."""
        return countries.name_of(self.company.country)


def lock_keys(what: Company | CompanyQuery) -> list[str]:
    """The strings for `prm.locks.hold`.

    A company: the one key that submit, approve, extend, release, promote and merge all take. A
    query: the keys of what was typed (each form's compact name, the domain, validated numbers),
    which serialise two submissions of the same new customer, and the key of the company it leads to
    now, if any.
    Hold everything that a transaction needs in one call, so that the order is always the same.
    """
    if isinstance(what, Company):
        return company_lock_keys(what)
    domain = identifying(what.domain)
    keys = [f"company-name:{form.compact}" for form in matching.versions.every_form(what.name)]
    if domain:
        keys.append(f"company-domain:{domain}")
    keys += [number.lock_key for number in validated(what)]
    company = known_company(what)
    return keys if company is None else [*keys, *company_lock_keys(company)]


def company_lock_keys(company: Company) -> list[str]:
    """The lock of one company, as strings for `prm.locks.hold`."""
    return [f"company:{company.pk}"]


def known_company(query: CompanyQuery) -> Company | None:
    """The company that hard evidence leads to: its own domain, a validated number, or a trusted name
    with the country.

    Evidence that points to two companies is not hard, nor is a domain that contradicts the name, or
    a validated number that contradicts the company's own: a person decides then.
    """
    domain = identifying(query.domain)
    typed = validated(query)
    owners = _owners(typed)
    if domain:
        owners |= set(Company.objects.current().at_domain(domain)[:1])
    if len(owners) > 1:
        return None
    if owners:
        return _uncontradicted(owners.pop(), typed)
    compacts = matching.versions.compacts(query.name)
    if not compacts or not query.country:
        return None
    named = _trusted(compacts, query.country)
    if len(named) != 1 or (domain and _has_domain(named[0])):
        return None
    return _uncontradicted(named[0], typed)


def validated(query: CompanyQuery) -> list[Number]:
    """The query's numbers whose check digits are right: only these say who somebody is."""
    found = numbers.usable(query.numbers, query.country)
    return [number for number in found if number.validated]


def _owners(typed: Sequence[Number]) -> set[Company]:
    """The companies that have one of these validated numbers."""
    if not typed:
        return set()
    held = Q()
    for number in typed:
        held |= Q(scheme=number.scheme, value=number.value)
    rows = CompanyNumber.objects.filter(held, validated=True)
    return set(Company.objects.current().filter(pk__in=rows.values("company_id")))


def _uncontradicted(company: Company, typed: Sequence[Number]) -> Company | None:
    """The company, unless it has another number of a kind that was typed."""
    if typed:
        held = company.numbers.filter(validated=True).values_list("scheme", "value", "validated")
        if numbers.contradicts(typed, [Number(*row) for row in held]) is not None:
            return None
    return company


def query_for(company: Company) -> CompanyQuery:
    """The query that looks for other companies like this one; three queries, none for what is
    prefetched."""
    domains = [row.domain for row in company.domains.all() if row.active]
    cities = [row.city for row in company.sites.all() if row.city]
    return CompanyQuery(
        company.name,
        domains[0] if domains else "",
        company.country,
        company.pk,
        numbers=tuple((row.scheme, row.value) for row in company.numbers.all()),
        city=cities[0] if cities else "",
        industry=company.industry_id,
    )


def likely_duplicates(company: Company, *, limit: int = 5) -> list[Likely]:
    """Other companies that are probably the same, best first, but not those a person told apart and
    not its family."""
    found = matching.find(query_for(company), limit=limit + 5)
    likely = present([match for match in found if not _said_related(match)])
    return [one for one in likely if not _is_kin(one.company, company)][:limit]


def _said_related(match: Match) -> bool:
    return any(line.code == "said_related" for line in match.evidence)


def _is_kin(one: Company, other: Company) -> bool:
    """Whether one owns the other, or both have one owner."""
    if other.pk == one.parent_id or one.pk == other.parent_id:
        return True
    return one.parent_id is not None and one.parent_id == other.parent_id


def present(matches: Sequence[Match]) -> list[Likely]:
    """Matches with their companies and their reasons in words; one query."""
    companies = Company.objects.in_bulk([match.company_id for match in matches])
    return [
        Likely(
            companies[match.company_id], match, explain.level(match.level), reasons(match.evidence)
        )
        for match in matches
        if match.company_id in companies
    ]


def reasons(evidence: Sequence[Evidence]) -> tuple[tuple[str, int], ...]:
    """Each reason as one plain line with its points, strongest first."""
    lines = [(matching.line(one), one.points) for one in evidence]
    return tuple(sorted(lines, key=lambda line: -abs(line[1])))


def search(queryset: QuerySet[Company], text: str) -> QuerySet[Company]:
    """Companies whose name contains the text, whose other names are like it, at that domain, or with
    that registration number."""
    folded = matching.sort_key(text)
    found = [match.company_id for match in matching.find(CompanyQuery(text), limit=SEARCH_LIMIT)]
    wanted = Q(pk__in=found)
    domain = normalise_domain(text)
    if domain:
        owned = CompanyDomain.objects.filter(domain=domain, active=True)
        wanted |= Q(pk__in=owned.values("company_id"))
    values = numbers.spellings(text)
    if values:
        held = CompanyNumber.objects.filter(value__in=values)
        wanted |= Q(pk__in=held.values("company_id"))
    if folded:
        wanted |= Q(sort_key__contains=folded)
    return queryset.filter(wanted)


def related_companies(company: Company) -> list[Company]:
    """Companies that a person marked as related to this one."""
    return list(Company.objects.filter(pk__in=_related_to(company)))


@dataclass(frozen=True, slots=True)
class Tree:
    """A company's family as its page shows it: owners from the top down, then who stands beside and below."""

    above: tuple[Company, ...]
    sisters: tuple[Company, ...]
    below: tuple[Company, ...]
    related: tuple[Company, ...]

    def __bool__(self) -> bool:
        return bool(self.above or self.below or self.related)


def family_tree(company: Company) -> Tree:
    """The family of one company, at most fifty of each kind."""
    above: list[Company] = []
    parent = company.parent
    while parent is not None and len(above) < SEARCH_LIMIT:
        above.insert(0, parent)
        parent = parent.parent
    owned = Q(parent=company)
    beside = Q(pk__in=_related_to(company))
    if company.parent_id is not None:
        beside |= Q(parent=company.parent_id)
    near = Company.objects.current().exclude(pk__in=[company.pk, *(one.pk for one in above)])
    below = list(near.filter(owned)[:SEARCH_LIMIT])
    others = list(near.filter(beside & ~owned)[: 2 * SEARCH_LIMIT])
    sisters = [one for one in others if one.parent_id and one.parent_id == company.parent_id]
    related = [one for one in others if one not in sisters]
    return Tree(
        tuple(above), tuple(sisters[:SEARCH_LIMIT]), tuple(below), tuple(related[:SEARCH_LIMIT])
    )


def family(company_ids: Iterable[int]) -> dict[int, set[int]]:
    """For each company its parent, subsidiaries and sister companies; three queries for any number.

    Sister companies share a parent, or a person marked them as related. Merged companies are left
    out; a company is not in its own family.
    """
    ids = set(company_ids)
    near = Company.objects.current().filter(Q(pk__in=ids) | Q(parent__in=ids))
    parents = dict(near.values_list("pk", "parent_id"))
    above = {parents[pk] for pk in ids if parents.get(pk)}
    sisters = Company.objects.current().filter(parent__in=above)
    parents |= dict(sisters.values_list("pk", "parent_id"))
    owned: dict[int, set[int]] = {}
    for pk, parent in parents.items():
        if parent:
            owned.setdefault(parent, set()).add(pk)
    found = {pk: set(owned.get(pk, ())) for pk in ids}
    for pk in ids:
        if above_it := parents.get(pk):
            found[pk] |= {above_it} | owned[above_it] - {pk}
    said = NameVerdict.objects.filter(Q(low__in=ids) | Q(high__in=ids), verdict=Verdict.RELATED)
    for low, high in said.values_list("low_id", "high_id"):
        for one, other in ((low, high), (high, low)):
            if one in found:
                found[one].add(other)
    return found


def _trusted(compacts: Sequence[str], country: str) -> list[Company]:
    """Companies in a country that carry exactly this name on a person's word; at most two."""
    names = CompanyName.objects.filter(
        active=True,
        keys__overlap=[matching.compact_key(compact) for compact in compacts],
        compact__in=compacts,
        source__in=TRUSTED,
    )
    companies = Company.objects.current().filter(country=country.upper())
    return list(companies.filter(pk__in=names.values("company_id"))[:2])


def _has_domain(company: Company) -> bool:
    return company.domains.filter(active=True).exists()


def _related_to(company: Company) -> QuerySet[NameVerdict, int]:
    """The keys of the companies that a person marked as related to this one, as a part of a query."""
    pairs = NameVerdict.objects.about(company).filter(verdict=Verdict.RELATED)
    other = Case(When(low=company, then=F("high_id")), default=F("low_id"))
    return pairs.annotate(other=other).values_list("other", flat=True)
