"""The demo's people and partners: the personas first, then enough others to fill a portal."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import cycle

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password
from django.utils.text import slugify

from partners import services as partners
from partners.models import Partner
from prm.access import Audience, Role
from tenants.demo import catalog, personas
from tenants.demo.plans import Plan
from users import services as users
from users.models import User

NAMES = {
    "acme": (
        "Bluewater", "Cedar Ridge", "Delta Fork", "Evergreen", "Foxglove", "Granite", "Hilltop",
        "Ironbridge", "Juniper", "Keystone", "Larkspur", "Millstone", "Northgate", "Oakline",
    ),
    "globex": ("Birkenfeld", "Dünenhof", "Erlenbach", "Falkenried", "Grünau", "Heidekrug", "Ilmenau"),
}  # fmt: skip
COUNTRIES = {"acme": ("US", "US", "CA", "GB", "IE", "NL"), "globex": ("DE", "DE", "AT", "CH")}
FIRST = {
    "acme": (
        "Amara", "Ben", "Chloe", "Dylan", "Elena", "Frank", "Grace", "Hugo", "Isla", "Jonah", "Kira",
        "Liam", "Maya", "Noah", "Olive", "Priya", "Quentin", "Rosa", "Stefan", "Tara", "Uma", "Vera",
        "Wesley", "Yusuf", "Zoe", "Aaron", "Bianca", "Cyrus",
    ),
    "globex": (
        "Anton", "Britta", "Carsten", "Doris", "Emil", "Frauke", "Gunnar", "Hanna", "Ingo", "Jana",
        "Kai", "Lotte",
    ),
}  # fmt: skip
LAST = {
    "acme": (
        "Abbott", "Bishop", "Castillo", "Doyle", "Ekstrom", "Farrell", "Goldberg", "Hussain", "Ito",
        "Jensen", "Kowalski", "Lambert", "Mbeki", "Nolan", "Okafor", "Pereira", "Quigley", "Rossi",
        "Shah", "Tanaka", "Ueda", "Varga", "Whitfield", "Xu", "Young", "Zeller", "Ashworth", "Boyle",
    ),
    "globex": (
        "Ahrens", "Becker", "Cramer", "Dietrich", "Ebert", "Fuchs", "Gruber", "Hartmann", "Jansen",
        "Kessler", "Lorenz", "Maurer",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who works for a partner."""

    email: str
    name: str
    role: Role


@dataclass(slots=True)
class Cast:
    """Whom the story needs: the referee, the administrator, and each partner with its sellers."""

    administrator: User
    referee: User
    partners: list[Partner]
    sellers: dict[int, list[User]]


def plant_staff(plan: Plan) -> tuple[User, User]:
    """Make the vendor's own people; return the administrator and the channel manager."""
    made = {
        persona.role: _person(persona.email, persona.name, persona.audience, persona.role)
        for persona in personas.at(plan.schema)
        if persona.audience != Audience.PARTNER
    }
    return made[Role.ADMINISTRATOR], made[Role.CHANNEL_MANAGER]


def plant_operators() -> None:
    """Make the operators, in their own tenant."""
    for persona in personas.at("ops"):
        _person(persona.email, persona.name, persona.audience, persona.role)
    give_password()


def plant_partners(plan: Plan, administrator: User, referee: User) -> Cast:
    """Make the partners with their people: those of the personas first."""
    chance = random.Random(plan.seed)  # noqa: S311 - a story, not a secret
    cast = Cast(administrator, referee, [], {})
    known = _known_members(plan.schema)
    strangers = _strangers(plan.schema)
    for name in (*known, *NAMES[plan.schema][: plan.partners - len(known)]):
        country = plan.country if name in known else chance.choice(COUNTRIES[plan.schema])
        members = known.get(name) or _members(name, strangers)
        partner = _partner(plan.schema, name, country, cast, chance)
        cast.partners.append(partner)
        cast.sellers[partner.pk] = [_join(partner, member) for member in members]
    give_password()
    return cast


def give_password() -> None:
    """Let everybody who has no password sign in with the demo's."""
    User.objects.filter(password__startswith=UNUSABLE_PASSWORD_PREFIX).update(password=_hashed())


@cache
def _hashed() -> str:
    """The demo's password, hashed once for all: it is meant to be slow."""
    return make_password(personas.PASSWORD)


def _known_members(schema: str) -> dict[str, list[Member]]:
    members: dict[str, list[Member]] = {}
    for persona in personas.at(schema):
        if persona.partner:
            member = Member(persona.email, persona.name, persona.role)
            members.setdefault(persona.partner, []).append(member)
    return members


def _members(partner: str, strangers: Iterator[str]) -> list[Member]:
    """An administrator and a seller for a partner that no persona works for."""
    domain = f"{slugify(partner)}.example"
    return [
        Member(f"{slugify(name.split()[0])}@{domain}", name, role)
        for role in (Role.SELLER, Role.PARTNER_ADMINISTRATOR)
        for name in [next(strangers)]
    ]


def _strangers(schema: str) -> Iterator[str]:
    """Full names, none twice as long as there are enough first names."""
    return (
        f"{first} {last}"
        for first, last in zip(cycle(FIRST[schema]), cycle(LAST[schema]), strict=False)
    )


def _partner(schema: str, name: str, country: str, cast: Cast, chance: random.Random) -> Partner:
    everywhere = catalog.territories()
    home = [place for place in everywhere if country in place.countries]
    lines = catalog.lines()
    profile = partners.Profile(
        name=name,
        country=country,
        website=f"https://{slugify(name)}.example",
        manager=cast.referee,
        tier=catalog.tiers()[len(cast.partners) % 3],
        territories=home,
        product_lines=lines if name in _known_members(schema) else chance.sample(lines, 3),
    )
    return partners.add_partner(profile, actor=cast.administrator)


def _join(partner: Partner, member: Member) -> User:
    user = _person(member.email, member.name, Audience.PARTNER, member.role)
    partners.add_membership(user, partner=partner, role=member.role, actor=None)
    return user


def _person(email: str, name: str, audience: Audience, role: Role) -> User:
    roles = [role] if audience == Audience.VENDOR else []
    return users.create_person(email=email, name=name, audience=audience, roles=roles, actor=None)
