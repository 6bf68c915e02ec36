"""Evidence beside the name: domain, country, numbers, city, trade. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from companies import numbers
from companies.domains import identifying, label_of
from companies.matching import score
from companies.matching.candidates import Candidate
from companies.matching.ledger import Line
from companies.matching.normalise import MAX_INPUT, sort_key
from companies.matching.values import CompanyQuery
from companies.numbers import Number

_SURE = ("DUNS",)
"""Schemes that one body numbers for the whole world, though their digits cannot be checked."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What is known of a company besides its name, cleaned once for a whole search."""

    domain: str = ""
    country: str = ""
    numbers: tuple[Number, ...] = ()
    city: str = ""
    industry: int | None = None

    @classmethod
    def of(cls, query: CompanyQuery) -> Self:
        """What a query says besides the name; what is no domain, number or city is left out."""
        return cls(
            identifying(query.domain),
            query.country.upper(),
            numbers.usable(query.numbers, query.country),
            sort_key(query.city[:MAX_INPUT]),
            query.industry,
        )

    @property
    def finds(self) -> bool:
        """Whether it leads to companies without any name."""
        return bool(self.domain or self.numbers)

    @property
    def asks_facts(self) -> bool:
        """Whether candidates' numbers, cities and trades are to be read at all."""
        return bool(self.numbers or self.city or self.industry is not None)

    def lines(self, one: Candidate) -> list[Line]:
        """What speaks for and against a company besides its name."""
        return [
            *self._number(one),
            *self._domain(one),
            *self._country(one),
            *self._city(one),
            *self._industry(one),
        ]

    def _number(self, one: Candidate) -> Iterator[Line]:
        held = [Number(scheme, value, good == "true") for scheme, value, good in one.numbers]
        known = {(number.scheme, number.value): number for number in held}
        for number in self.numbers:
            own = known.get((number.scheme, number.value))
            if own is not None:
                sure = own.validated or own.scheme in _SURE
                worth = score.SAME_NUMBER if sure else score.SAME_NUMBER_UNCHECKED
                yield "same_number", {"scheme": own.scheme, "number": own.value}, worth
                return
        differ = numbers.contradicts(self.numbers, held)
        if differ is not None:
            new, old = differ
            params = {"scheme": new.scheme, "new": new.value, "old": old.value}
            yield "other_number", params, score.OTHER_NUMBER

    def _domain(self, one: Candidate) -> Iterator[Line]:
        if not self.domain:
            return
        if self.domain in one.domains:
            yield "same_domain", {"domain": self.domain}, score.SAME_DOMAIN
        elif label_of(self.domain) in map(label_of, one.domains):
            params = {"new": self.domain, "old": one.domains[0]}
            yield "sister_domain", params, score.SISTER_DOMAIN
        elif one.domains:
            params = {"new": self.domain, "old": one.domains[0]}
            yield "other_domain", params, score.OTHER_DOMAIN
        elif label_of(self.domain) == one.compact:
            yield "domain_label", {"domain": self.domain}, score.DOMAIN_LABEL

    def _country(self, one: Candidate) -> Iterator[Line]:
        if self.country and one.country:
            params = {"new": self.country, "old": one.country}
            if self.country == one.country:
                yield "same_country", params, score.SAME_COUNTRY
            else:
                yield "other_country", params, score.OTHER_COUNTRY

    def _city(self, one: Candidate) -> Iterator[Line]:
        cities = {sort_key(city): city for city in one.cities}
        cities.pop("", None)
        if self.city and self.city in cities:
            yield "same_city", {"city": cities[self.city]}, score.SAME_CITY
        elif self.city and cities:
            yield "other_city", {"old": next(iter(cities.values()))}, score.OTHER_CITY

    def _industry(self, one: Candidate) -> Iterator[Line]:
        if self.industry is not None and one.industry is not None:
            if self.industry == one.industry:
                yield "same_industry", {}, score.SAME_INDUSTRY
            else:
                yield "other_industry", {}, score.OTHER_INDUSTRY
