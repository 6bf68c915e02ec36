"""How much of everything each demo portal gets; together the numbers of the first run."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """One vendor's portal."""

    schema: str
    name: str
    host: str
    language: str
    currency: str
    zone: str
    country: str
    colour: str
    partners: int
    companies: int
    registrations: int
    conflicts: int
    seed: int


ACME = Plan(
    schema="acme",
    name="Acme Software",
    host="acme",
    language="en",
    currency="USD",
    zone="America/New_York",
    country="US",
    colour="#1b57b8",
    partners=15,
    companies=720,
    registrations=240,
    conflicts=18,
    seed=20_261,
)
GLOBEX = Plan(
    schema="globex",
    name="Globex Industrie",
    host="globex",
    language="de",
    currency="EUR",
    zone="Europe/Berlin",
    country="DE",
    colour="#0f6b4f",
    partners=9,
    companies=480,
    registrations=160,
    conflicts=11,
    seed=20_262,
)
VENDORS = (ACME, GLOBEX)
DAYS = 110  # how far back the story begins: protections of 90 days have ended, too
MAIL_DAYS = 14  # mails older than that were taken back: they would fill the mailbox and the minute
