"""One tenant full of realistic data, the same for the same seed: what every benchmark shares.

Written with COPY, not through services, but consistent: constraints and triggers see every row, keys of
names come from `companies.matching`, events are sealed, and what is due has its row.
"""

import random
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks import ledger, names, writing
from benchmarks.deals import ALL_OPEN, SHARES, Deals
from benchmarks.loading import copy
from benchmarks.names import CompanyName
from catalog.models import ProductLine, Territory
from companies import matching
from companies.enums import Designation, NameSource, Standing
from companies.models import Company, CompanyDomain
from companies.models import CompanyName as StoredName
from companies.tasks import recount_keys
from partners.enums import FUNCTION_OF
from partners.models import Contact, Membership, Partner
from prm.access import Audience, Role
from registrations import engagement
from registrations.enums import State
from users.models import User, VendorRole

SEED = 20_261_121
SELLER = "pat@harbor.example"
REFEREE = "mia@acme.example"
ADMINISTRATOR = "ada@acme.example"
ANALYST = "ana@acme.example"
LINES = ("CRM Suite", "ERP Cloud", "Insight BI", "Field Service", "Data Hub", "Commerce")
PLACES = {
    "North America": ["US", "CA"], "UK and Ireland": ["GB", "IE"], "DACH": ["DE", "AT", "CH"],
    "Benelux": ["NL"],
}  # fmt: skip
COMPANIES_PER_DEAL = 0.3
PEOPLE_PER_PARTNER = 4
DIRECT, RESTRICTED = 0.02, 0.01

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Shape:
    """What a tenant is like besides its size: how many companies it knows, where its deals stand."""

    code: str = ""
    companies: int = 0
    shares: Mapping[State, float] = field(default_factory=lambda: SHARES)


USUAL = Shape()
CROWDED = Shape("crowded", 1_000_000, ALL_OPEN)
"""A million companies, and nearly every registration open."""


@dataclass(slots=True)
class World:
    """Everything of one tenant; lists are in order of primary key, which begins at 1."""

    size: int
    now: datetime
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))
    companies: list[CompanyName] = field(default_factory=list)
    designations: list[Designation] = field(default_factory=list)
    sellers: list[list[int]] = field(default_factory=list)
    users: list[uuid.UUID] = field(default_factory=list)
    partners: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    place_of: dict[str, int] = field(default_factory=dict)
    rules: int = 0
    referee: int = 1
    shape: Shape = USUAL

    def uid(self) -> uuid.UUID:
        """Return a random uid of this seed."""
        return uuid.UUID(int=self.chance.getrandbits(128), version=4)


def companies_of(size: int, shape: Shape = USUAL) -> int:
    """Return how many companies a tenant of a size and shape knows."""
    return shape.companies or max(12, round(size * COMPANIES_PER_DEAL))


def week(at: datetime) -> datetime:
    """Return the Monday morning that data made at an instant is told from."""
    monday = at.astimezone(UTC).date() - timedelta(days=at.astimezone(UTC).weekday())
    return datetime(monday.year, monday.month, monday.day, 6, tzinfo=UTC)


def fill(size: int, now: datetime, say: Say = lambda _text: None, shape: Shape = USUAL) -> World:
    """Fill the active, empty tenant with `size` registrations, one in twenty of them the first partner's.

    Call it in one transaction; `benchmarks.loading.settle` afterwards.
    """
    world = World(size, week(now), shape=shape)
    say("people and catalog")
    _catalog(world)
    _staff(world)
    _partners(world)
    world.rules = engagement.version_in_force().pk
    say("companies")
    _companies(world)
    say("registrations")
    drawn = Deals(
        size,
        world.sellers,
        len(world.companies),
        len(world.lines),
        world.now,
        world.chance,
        shape.shares,
    ).draw()
    rows = writing.write(world, drawn)
    say("events")
    ledger.write(world, rows)
    recount_keys()
    return world


def _catalog(world: World) -> None:
    for name in LINES:
        line = ProductLine.objects.create(code=name.lower().replace(" ", "-"), name=name)
        world.lines.append(line.pk)
    for name, countries in PLACES.items():
        code = name.lower().replace(" ", "-")
        place = Territory.objects.create(code=code, name=name, countries=countries)
        world.place_of |= dict.fromkeys(countries, place.pk)


def _staff(world: World) -> None:
    for email, name, role in (
        (REFEREE, "Mia Manager", Role.CHANNEL_MANAGER),
        (ADMINISTRATOR, "Ada Admin", Role.ADMINISTRATOR),
        (ANALYST, "Ana Analyst", Role.ANALYST),
    ):
        user = User.objects.create(
            uid=world.uid(), email=email, name=name, audience=Audience.VENDOR
        )
        VendorRole.objects.create(user=user, role=role)
        world.users.append(user.uid)
    world.referee = 1


def _partners(world: World) -> None:
    many = max(4, world.size // 400)
    at = world.now - timedelta(days=800)
    people: list[Sequence[Any]] = []
    memberships: list[Sequence[Any]] = []
    contacts: list[Sequence[Any]] = []
    first = len(world.users) + 1
    for partner in range(many):
        ids = [first + partner * PEOPLE_PER_PARTNER + n for n in range(PEOPLE_PER_PARTNER)]
        world.sellers.append(ids)
        for number in ids:
            uid = world.uid()
            world.users.append(uid)
            email = SELLER if number == first else f"person{number}@partner{partner}.example"
            name = "Pat Seller" if number == first else names.person(number)
            people.append((number, uid, email, name, Audience.PARTNER.value, "!", at, at, *_USUAL))
            role = Role.SELLER if number != ids[-1] else Role.PARTNER_ADMINISTRATOR
            memberships.append((number, partner + 1, role.value, at, at))
            function = [FUNCTION_OF[role].value]
            contacts.append(
                (world.uid(), number, partner + 1, name, email, "", function, False, at, at)
            )
    copy(Partner, ("id", "uid", "reference", "name", "country", "website", "created_at", "updated_at"),
         _partner_rows(world, many, at))  # fmt: skip
    copy(User, ("id", "uid", "email", "name", "audience", "password", "created_at", "updated_at",
                "language", "zone", "theme", "density", "shortcuts", "is_active", "sign_in_epoch"), people)  # fmt: skip
    copy(Membership, ("user_id", "partner_id", "role", "created_at", "updated_at"), memberships)
    copy(Contact, ("uid", "user_id", "partner_id", "name", "email", "phone", "functions", "signs",
                   "created_at", "updated_at"), contacts)  # fmt: skip


_USUAL = ("", "", "auto", "comfortable", True, True, 0)


def _partner_rows(world: World, many: int, at: datetime) -> Iterator[Sequence[Any]]:
    for number in range(many):
        name = "Harbor" if number == 0 else f"{names.STARTS[number % 40]} Partners {number}"
        reference = writing.reference("P", world.chance)
        world.partners.append(reference)
        country = world.chance.choice(names.COUNTRIES)
        yield number + 1, world.uid(), reference, name, country, "", at, at


def _companies(world: World) -> None:
    many = companies_of(world.size, world.shape)
    at = world.now - timedelta(days=790)
    world.companies = [names.company(number, world.chance) for number in range(many)]
    world.designations = [_designation(world.chance.random()) for _ in range(many)]
    confirmed = Standing.CONFIRMED.value
    copy(
        Company,
        ("id", "uid", "name", "sort_key", "country", "designation", "standing", "created_at", "updated_at"),
        (
            (pk, world.uid(), one.full, matching.sort_key(one.full), one.country, kind.value, confirmed, at, at)
            for pk, (one, kind) in enumerate(zip(world.companies, world.designations, strict=True), start=1)
        ),
    )  # fmt: skip
    copy(
        StoredName,
        ("company_id", "raw", "source", "norm_version", "active", "created_at",
         "form", "core", "compact", "tokens", "keys"),
        _name_rows(world, at),
    )  # fmt: skip
    copy(
        CompanyDomain,
        ("company_id", "domain", "source", "active", "created_at"),
        (
            (pk, one.domain, NameSource.CONFIRMED.value, True, at)
            for pk, one in enumerate(world.companies, start=1)
            if pk % 5  # one in five has no domain of its own
        ),
    )


def _name_rows(world: World, at: datetime) -> Iterator[Sequence[Any]]:
    source = NameSource.CONFIRMED.value
    for pk, one in enumerate(world.companies, start=1):
        for row in matching.name_row(one.full):
            yield (
                pk, one.full, source, matching.NORM_VERSION, True, at,
                row["form"], row["core"], row["compact"], row["tokens"], row["keys"],
            )  # fmt: skip


def _designation(drawn: float) -> Designation:
    if drawn < DIRECT:
        return Designation.VENDOR_DIRECT
    return Designation.RESTRICTED if drawn < DIRECT + RESTRICTED else Designation.OPEN
