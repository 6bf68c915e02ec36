"""Names of companies and people: invented, as varied as real ones, and each company's its own.

A company's number gives its name: a stem, a trade, often a place, and a legal form of its country.
"""

import random
from dataclasses import dataclass

STARTS = (
    "Alder", "Amber", "Ash", "Barrow", "Birch", "Black", "Bram", "Bright", "Brook", "Calder", "Cedar", "Clear",
    "Copper", "Crag", "Dun", "East", "Elm", "Fair", "Fern", "Glen", "Grey", "Harrow", "Hazel", "Iron", "Ivy",
    "Kings", "Lang", "Lind", "Marl", "Nor", "Oak", "Penny", "Quarr", "Raven", "Rose", "Silver", "Stone",
    "Swan", "Thorn", "Tide",
)  # fmt: skip
ENDS = (
    "wick", "low", "grove", "mere", "well", "haven", "way", "ford", "brook", "fall", "moor", "vale", "hurst",
    "lea", "hollow", "rock", "water", "gate", "den", "mount", "mead", "dale", "field", "ridge", "combe", "ton",
    "by", "stead", "worth", "cliffe", "bury", "port", "march", "strand", "holm", "shaw",
)  # fmt: skip
TRADES = (
    "Logistics", "Foods", "Health", "Robotics", "Energy", "Textiles", "Media", "Plastics", "Optics", "Marine",
    "Paper", "Mills", "Pharma", "Aviation", "Insurance", "Bank", "Hospitals", "Schools", "Motors", "Chemicals",
    "Steel", "Retail", "Telecom", "Software", "Machines", "Tools", "Packaging", "Farms", "Timber", "Brewery",
    "Water Works", "Consulting",
)  # fmt: skip
PLACES = (
    "", "North", "South", "West", "Rhine", "Baltic", "Alpine", "Atlantic", "Pacific", "Midlands", "Highland",
    "Lakes", "Coast", "Valley", "Metro", "Central", "Nordic", "Danube", "Texas", "Ontario", "Bavaria", "Wales",
    "Ireland", "Carolina", "Hudson",
)  # fmt: skip
FORMS = {
    "US": ("Inc.", "LLC", "Corp."), "CA": ("Ltd.", "Inc."), "GB": ("Ltd", "plc"), "IE": ("Ltd",),
    "DE": ("GmbH", "AG", "GmbH & Co. KG"), "AT": ("GmbH",), "CH": ("AG", "GmbH"), "NL": ("B.V.", "N.V."),
    "FR": ("S.A.", "SAS"),
}  # fmt: skip
COUNTRIES = (
    *("US",) * 9, *("CA",) * 2, *("GB",) * 3, "IE", *("DE",) * 5, "AT", "CH", "NL", "FR",
)  # fmt: skip
GIVEN = (
    "Robin", "Jamie", "Alex", "Kim", "Toni", "Chris", "Sasha", "Noa", "Mika", "Lou", "Dana", "Jules", "Remy",
    "Nico", "Ellis", "Casey", "Morgan", "Taylor", "Jordan", "Avery",
)  # fmt: skip
FAMILY = (
    "Hale", "Lund", "Moreno", "Novak", "Brandt", "Fields", "Okafor", "Silva", "Haas", "Meyer", "Dubois",
    "Rossi", "Kowalski", "Larsen", "Murphy", "Singh", "Tanaka", "Nguyen", "Costa", "Weber",
)  # fmt: skip

_STRIDE = 7_919  # a prime that divides nothing below: every number gets a combination of its own
_STEMS = len(STARTS) * len(ENDS)
TOTAL = _STEMS * len(TRADES) * len(PLACES)


@dataclass(frozen=True, slots=True)
class CompanyName:
    """One company as its letterhead has it, and as others write it."""

    base: str
    form: str
    country: str

    @property
    def full(self) -> str:
        return f"{self.base} {self.form}"

    @property
    def domain(self) -> str:
        return self.base.lower().replace(" ", "-") + ".example"

    def spelling(self, chance: random.Random) -> str:
        """Return the name as one hurried person types it."""
        return chance.choice(
            (self.full, self.full, self.base, self.base.upper(), self.base.replace(" ", "-", 1),
             f"The {self.base} Company")
        )  # fmt: skip


def company(number: int, chance: random.Random) -> CompanyName:
    """Return the company of a number; no two numbers below TOTAL share a base."""
    rest, stem = divmod(number * _STRIDE % TOTAL, _STEMS)
    place, trade = divmod(rest, len(TRADES))
    start, end = divmod(stem, len(ENDS))
    words = [STARTS[start] + ENDS[end], TRADES[trade], PLACES[place]]
    country = chance.choice(COUNTRIES)
    return CompanyName(" ".join(filter(None, words)), chance.choice(FORMS[country]), country)


def person(number: int) -> str:
    """Return the name of a person of a number; many people share one, as in life."""
    return f"{GIVEN[number % len(GIVEN)]} {FAMILY[number // len(GIVEN) % len(FAMILY)]}"
