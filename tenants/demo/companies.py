"""The demo's customers: invented names, each with its domain; some with other spellings."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from django.utils.text import slugify

from companies import services
from companies.enums import Designation
from companies.models import Company
from tenants.demo.plans import Plan
from users.models import User

STEMS = (
    "Alderwick", "Amberlow", "Ashgrove", "Birchmere", "Bramwell", "Brindle", "Brookhaven", "Calloway",
    "Cinderford", "Clearbrook", "Copperfall", "Cragmoor", "Dunmere", "Eastvale", "Elmhurst", "Fairlea",
    "Fernhollow", "Glenrock", "Greywater", "Harrowgate", "Hazelden", "Hollins", "Ivymount", "Kestrel",
    "Kingsmead", "Langdale", "Lindenau", "Lowfield", "Marlowe", "Meadowlark", "Merrivale", "Norwick",
    "Oakhurst", "Pennywell", "Pinecrest", "Quarrington", "Ravenhill", "Redfern", "Rosedale", "Rutherglen",
    "Sandringham", "Silverlake", "Stonebridge", "Swanmore", "Thistledown", "Thornbury", "Tidewater",
    "Underhill", "Valewood", "Wakefern", "Waterlow", "Westbrook", "Whitestone", "Wilderbeck", "Windermoor",
    "Wolfram", "Yarrow", "Yewdale", "Zephyrine", "Zinnberg",
)  # fmt: skip
TRADES = {
    "acme": (
        "Logistics", "Foods", "Health", "Robotics", "Energy", "Textiles", "Media", "Plastics", "Optics",
        "Marine", "Paper", "Mills", "Pharma", "Aviation",
    ),
    "globex": (
        "Maschinenbau", "Spedition", "Papierfabrik", "Brauerei", "Werkzeuge", "Stadtwerke", "Kliniken",
    ),
}  # fmt: skip
FORMS = {
    "US": ("Inc.", "LLC", "Corp."), "CA": ("Ltd.", "Inc."), "GB": ("Ltd", "plc"), "IE": ("Ltd",),
    "NL": ("B.V.", "N.V."), "DE": ("GmbH", "AG", "GmbH & Co. KG"), "AT": ("GmbH",), "CH": ("AG", "GmbH"),
}  # fmt: skip
COUNTRIES = {
    "acme": ("US",) * 10 + ("CA", "CA", "GB", "GB", "IE", "NL", "NL"),
    "globex": ("DE",) * 10 + ("AT", "AT", "CH", "CH"),
}


@dataclass(frozen=True, slots=True)
class Customer:
    """A company and how people write it."""

    company: Company
    name: str
    domain: str
    country: str
    spellings: tuple[str, ...]

    @property
    def designation(self) -> str:
        """Whom the company is open to."""
        return self.company.designation


def plant(plan: Plan, actor: User) -> list[Customer]:
    """Add the vendor's known customers; the same ones every time."""
    chance = random.Random(plan.seed + 1)  # noqa: S311 - a story, not a secret
    names = list(product(STEMS, TRADES[plan.schema]))
    chance.shuffle(names)
    return [
        _add(
            plan,
            f"{stem} {trade}",
            tuple(_spellings(stem, trade)),
            _designation(number),
            chance,
            actor,
        )
        for number, (stem, trade) in enumerate(names[: plan.companies])
    ]


def _add(
    plan: Plan,
    base: str,
    spellings: tuple[str, ...],
    designation: Designation,
    chance: random.Random,
    actor: User,
) -> Customer:
    country = chance.choice(COUNTRIES[plan.schema])
    name = f"{base} {chance.choice(FORMS[country])}"
    domain = f"{slugify(base)}.example"
    company = services.add_company(
        name=name,
        country=country,
        designation=designation,
        domains=[domain],
        aliases=spellings[:1] if chance.random() < 0.1 else (),
        actor=actor,
    )
    return Customer(company, name, domain, country, spellings)


def _designation(number: int) -> Designation:
    """A few customers belong to the vendor itself, fewer to nobody."""
    if number % 70 == 5:
        return Designation.VENDOR_DIRECT
    return Designation.RESTRICTED if number % 80 == 7 else Designation.OPEN


def _spellings(stem: str, trade: str) -> Iterator[str]:
    """Other ways in which hurried people write the name."""
    yield f"{stem}-{trade}"
    yield f"{stem.upper()} {trade.upper()}"
    yield f"The {stem} {trade} Company"
    yield f"{stem[:-2]}{stem[-1]}{stem[-2]} {trade}"
