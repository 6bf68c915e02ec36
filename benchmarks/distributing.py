"""Distributing leads: 1,000 over 50 partners under 4 rules, against a weighted draw that stores no reasons."""

import random
import time
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from decimal import Decimal
from typing import Any
from unittest.mock import patch

from django.db import connection

from benchmarks import database, generator, server
from benchmarks.figures import Figure, machine
from catalog.models import ProductLine, Skill, Territory
from companies.models import Company
from leads import distribution, engagement, services
from leads.distribution import TURN, Candidate, Demand, Result
from leads.enums import Outcome, Rating, State
from leads.models import Lead, Turn
from leads.services import handing
from partners.enums import Function
from partners.models import Contact, Membership, Partner
from prm import clock, rules
from prm.access import Audience, Role
from prm.reference import new_reference
from prm.tenancy import context
from users.models import User

LEADS, PARTNERS, WARM_UP = 1_000, 50, 20
SMALL = 2_000
"""Registrations in the tenant: a distribution does not read them."""
RULES: dict[str, Any] = {
    "rules": [
        {"code": "hot", "when": {"field": "rating", "op": "IS", "value": "HOT"}, "then": {"accept_days": "1"}},
        {"code": "fair", "when": {"field": "source", "op": "IS", "value": "fair"}, "then": {"contact_days_warm": "3"}},
        {"code": "uk", "when": {"field": "country", "op": "IS", "value": "GB"}, "then": {"convert_days": "45"}},
        {"code": "ireland", "when": {"field": "country", "op": "IS", "value": "IE"}, "then": {"match_skills": False}},
    ],
    "defaults": {**engagement.DEFAULTS, "open_cap": "100"},
}  # fmt: skip


def run(size: int, say: generator.Say) -> Iterator[Figure]:
    """Distribute one batch by turns and one by chance, each with every write and real commits."""
    with database.copy_of(min(size, SMALL), say), context.entered(database.TENANT):
        chance = random.Random(generator.SEED + 3)
        manager = User.objects.get(email=generator.REFEREE)
        _partners(chance)
        rules.publish(engagement.KIND, RULES, actor=None)
        services.distribute_many(_leads(WARM_UP, chance, manager), actor=manager)
        say("by turns")
        before = _behind()
        seconds, statements = _timed(_leads(LEADS, chance, manager), manager)
        behind = max(abs(after - before[key]) for key, after in _behind().items())
        say("by chance")
        draw = _Draw(random.Random(generator.SEED + 4))
        with draw.instead():
            drawn, _statements = _timed(_leads(LEADS, chance, manager), manager)
        about = {"leads": LEADS, "partners": PARTNERS, "rules": 4, "postgresql": server.database_version(),
                 **machine()}  # fmt: skip
        connection.close()
    against = {**about, "against": "a weighted random draw of the same partners, one row per lead"}
    yield Figure("distributing.seconds", seconds, "s", 60, conditions=about)
    yield Figure("distributing.lead", seconds / LEADS * 1_000, "ms", 60, conditions=about)
    yield Figure("distributing.queries", statements / LEADS, "per lead", 25, conditions=about)
    yield Figure("distributing.to_draw", seconds / drawn, "ratio", 3, conditions=against)
    yield Figure("distributing.unfairness", behind, "turns", 2, conditions=about)
    yield Figure("distributing.draw.unfairness", draw.unfairness, "turns", conditions=against)


class _Draw:
    """The named alternative: a weighted draw among the eligible, without turns and without reasons."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.expected: Counter[str] = Counter()
        self.given: Counter[str] = Counter()

    def instead(self) -> AbstractContextManager[Any]:
        """Within it the services distribute like this."""
        return patch.object(handing, "distribute", self.distribute)

    def distribute(self, demand: Demand, candidates: Sequence[Candidate]) -> Result:
        """Draw one of those of the best rank who may get it."""
        eligible = [each for each in candidates if not distribution.why_not(demand, each)]
        best = min((distribution.rank(demand, each) for each in eligible), default=0)
        turn = [each for each in eligible if distribution.rank(demand, each) == best]
        if not turn:
            return Result(None)
        weights = [each.weight for each in turn]
        chosen = self.chance.choices(turn, weights)[0]
        for each in turn:
            self.expected[each.key] += each.weight / sum(weights)  # type: ignore[assignment]
        self.given[chosen.key] += 1
        line = distribution.Line(chosen.key, Outcome.CHOSEN, (), best, chosen.weight, chosen.credit,
                                 chosen.turned, 0, chosen.credit)  # fmt: skip
        return Result(chosen.key, (line,))

    @property
    def unfairness(self) -> float:
        """The largest distance between what a partner's weight promises and what it got."""
        return max(abs(self.given[key] - share) for key, share in self.expected.items())


def _behind() -> dict[int, float]:
    return {turn.partner_id: turn.credit / TURN for turn in Turn.objects.all()}


def _timed(leads: list[Lead], manager: User) -> tuple[float, int]:
    """Return the seconds of a batch with its commits, and how many statements it ran."""
    count = 0

    def counting(execute: Any, sql: str, params: Any, many: bool, about: Any) -> Any:
        nonlocal count
        count += 1
        return execute(sql, params, many, about)

    with connection.execute_wrapper(counting):
        started = time.perf_counter()
        made = services.distribute_many(leads, actor=manager)
        seconds = time.perf_counter() - started
    assert len(made) == len(leads)
    return seconds, count


def _partners(chance: random.Random) -> None:
    """Make 50 partners with a seller each, in one to three territories, with some skills; end the others."""
    Partner.objects.update(ended_at=clock.now())
    places, lines = list(Territory.objects.all()), list(ProductLine.objects.all())
    skills = [Skill.objects.create(code=f"skill-{n}", name=f"Skill {n}") for n in range(3)]
    for number in range(PARTNERS):
        partner = Partner.objects.create(
            name=f"Bench {number:02}", reference=new_reference("P"), country="US",
            profile_confirmed_at=clock.now() - timedelta(days=chance.randrange(100)),
        )  # fmt: skip
        partner.territories.set(chance.sample(places, chance.randint(2, len(places))))
        partner.product_lines.set(chance.sample(lines, chance.randint(4, len(lines))))
        partner.skills.set(chance.sample(skills, chance.randint(1, 3)))
        user = User.objects.create(
            email=f"seller{number}@bench.example",
            name=f"Seller {number}",
            audience=Audience.PARTNER,
        )
        Membership.objects.create(user=user, partner=partner, role=Role.SELLER)
        Contact.objects.create(
            partner=partner, user=user, name=user.name, email=user.email,
            functions=[Function.SALES.value],
        )  # fmt: skip
        Turn.objects.create(partner=partner, weight=chance.choice((5, 10, 10, 20, 40)))


def _leads(count: int, chance: random.Random, manager: User) -> list[Lead]:
    """Make qualified leads at companies of the directory, each with a product line, some with a skill."""
    place_of = {code: place.pk for place in Territory.objects.all() for code in place.countries}
    companies = list(Company.objects.order_by("pk")[:200])
    lines, skills = list(ProductLine.objects.all()), list(Skill.objects.all())
    countries = sorted(place_of)
    now = clock.now()
    rows = [
        Lead(
            token=uuid.UUID(int=chance.getrandbits(128), version=4), reference=new_reference("L"),
            agent=manager, state=State.QUALIFIED, company_name=company.name, country=country,
            place_id=place_of[country], company=company, need="Something new", value=Decimal(20_000),
            currency="USD", source=chance.choice(("fair", "web")), rating=chance.choice(Rating.values),
            qualified_at=now - timedelta(seconds=count - number),
        )
        for number in range(count)
        for company, country in [(chance.choice(companies), chance.choice(countries))]
    ]  # fmt: skip
    made = Lead.objects.bulk_create(rows)
    Lead.product_lines.through.objects.bulk_create(
        Lead.product_lines.through(lead_id=lead.pk, productline_id=chance.choice(lines).pk)
        for lead in made
    )
    Lead.skills.through.objects.bulk_create(
        Lead.skills.through(lead_id=lead.pk, skill_id=chance.choice(skills).pk)
        for lead in made
        if chance.random() < 0.4
    )
    return made
