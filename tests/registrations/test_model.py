"""Random steps against the reference model: who holds what, and who is next, whatever happens.

The suite takes 600 steps; `PRM_MODEL_RUNS=100` makes it 12,000, as continuous integration does.
"""

import os
import random
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from unittest.mock import patch

import pytest
from django.db import transaction

from catalog.models import ProductLine
from companies.registry import MergeRefused
from companies.services import add_company, confirm_as
from prm import clock, due, portal, rules
from prm.due.models import DueRow
from registrations import engagement, services
from registrations.enums import CloseCode, DeclineCode
from registrations.fields import as_ids
from registrations.models import Decision, Protection, Registration
from registrations.transitions import InvalidTransition
from tests.registrations import model as reference
from users.models import User

RUNS = int(os.environ.get("PRM_MODEL_RUNS", "5"))
FULL = 100
STEPS = 120
START = datetime(2031, 3, 3, 9, tzinfo=UTC)
PARTNERS = {"harbor": "pat@harbor.example", "summit": "sam@summit.example"}
REFUSALS = (services.Refused, InvalidTransition, MergeRefused)
LINES = "abc"


def ends(at: int, days: int) -> int:
    """Local midnight after the last of so many whole days."""
    day = (START + timedelta(seconds=at)).astimezone(portal.zone()).date()
    end = datetime.combine(day + timedelta(days=days + 1), datetime.min.time(), portal.zone())
    return round((end - START).total_seconds())


class Portal:
    """The portal's services under the model's names."""

    def __init__(self, at: Callable[[], datetime]) -> None:
        self.at = at
        self.people = {name: User.objects.get(email=email) for name, email in PARTNERS.items()}
        self.mia = User.objects.get(email="mia@acme.example")
        self.ada = User.objects.get(email="ada@acme.example")
        self.lines = {letter: self._line(letter) for letter in LINES}
        self.letters = {line.pk: letter for letter, line in self.lines.items()}
        self.companies = {
            name: add_company(name=full, country="US", domains=[f"{name}.example"], actor=self.mia)
            for name, full in (("quarvex", "Quarvex Mills"), ("hidrolan", "Hidrolan Foods"))
        }
        self.rows: dict[int, int] = {}
        self.decided: list[Decision] = []
        body = {**engagement.DEFAULTS, "exclusivity": "PRODUCTS", "extensions_most": "20",
                "extension_evidence": False}  # fmt: skip
        rules.publish(engagement.KIND, {"rules": [], "defaults": body}, actor=None)

    def _line(self, letter: str) -> ProductLine:
        made, _new = ProductLine.objects.get_or_create(
            code=f"model-{letter}", defaults={"name": f"Model {letter}"}
        )
        return made

    def row(self, key: int) -> Registration:
        return Registration.objects.get(pk=self.rows[key])

    def submit(self, key: int, partner: str, company: str, lines: frozenset[str]) -> None:
        seller = self.people[partner]
        draft = services.start_draft(uuid.uuid4(), actor=seller)
        values = {
            "company_name": f"{company.title()} {key}", "website": f"{company}.example",
            "country": "US", "value": Decimal(10), "currency": "USD",
            "expected_close": date(2031, 9, 1), "stage": "PROSPECT",
        }  # fmt: skip
        wanted = [self.lines[letter] for letter in sorted(lines)]
        services.save_draft(draft, values, actor=seller, product_lines=wanted)
        self.rows[key] = services.submit_registration(draft, actor=seller).pk

    def approve(self, key: int) -> None:
        self._keep(services.approve_registration(self.row(key), actor=self.mia, overrule=True))

    def approve_jointly(self, key: int, other: int) -> None:
        row = services.approve_jointly(
            self.row(key), self.row(other), actor=self.mia, share=50, overrule=True
        )
        self._keep(row)

    def queue(self, key: int) -> None:
        self._keep(services.queue_registration(self.row(key), actor=self.mia))

    def reject(self, key: int) -> None:
        code = DeclineCode.NOT_AVAILABLE
        row = services.reject_registration(self.row(key), actor=self.mia, code=code, note="No.")
        self._keep(row)

    def ask(self, key: int) -> None:
        self._keep(services.ask_for_more(self.row(key), actor=self.mia, question="?"))

    def answer(self, key: int) -> None:
        row = self.row(key)
        services.answer_question(row, actor=row.owner, answer="!")

    def reopen(self, key: int) -> None:
        services.reopen_registration(self.row(key), actor=self.ada, reason="Again.")

    def withdraw(self, key: int) -> None:
        row = self.row(key)
        services.withdraw_registration(row, actor=row.owner)

    def close(self, key: int) -> None:
        row = self.row(key)
        if key % 2:
            services.close_registration(row, CloseCode.RELEASED, actor=row.owner)
        else:
            services.revoke_registration(row, CloseCode.REVOKED, actor=self.mia, note="No.")

    def split(self, key: int, half: int, lines: frozenset[str]) -> None:
        wanted = [self.lines[letter] for letter in lines]
        _row, made = services.split_registration(self.row(key), wanted, actor=self.mia)
        self.rows[half] = made.pk

    def extend(self, key: int, days: int) -> None:
        row = self.row(key)
        asked = services.ask_for_extension(row, actor=row.owner, reason="Alive.")
        assert asked.days == days
        services.grant_extension(asked, actor=self.mia)

    def undo(self, index: int) -> None:
        services.undo_decision(self.decided[index], actor=self.ada)

    def merge(self, source: str, target: str) -> None:
        confirm_as(self.companies[source], self.companies[target], actor=self.mia)

    def let_out(self) -> None:
        DueRow.objects.exclude(kind__in=["registrations.effects", "registrations.end"]).delete()
        due.drain()

    def _keep(self, row: Registration) -> None:
        self.decided.append(row.decisions.latest("pk"))

    def holds(self) -> set[tuple[frozenset[str], int, frozenset[int]]]:
        """Protections in force: their lines, their end, who holds them."""
        known = {pk: key for key, pk in self.rows.items()}
        live = Protection.objects.at(self.at()).prefetch_related("holders")
        return {
            (
                frozenset(self.letters[pk] for pk in as_ids(one.products)),
                round((one.ends_at - START).total_seconds()),
                frozenset(known[h.registration_id] for h in one.holders.all() if not h.ended_at),
            )
            for one in live
            if any(not holder.ended_at for holder in one.holders.all())
        }


class Walk:
    """One random walk: whatever anybody may do, in any order; both agree after every step."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.model = reference.Model(ends)
        self.portal = Portal(self.time)
        self.merged = False
        self.told: list[str] = []

    def time(self) -> datetime:
        at: datetime = START + timedelta(seconds=self.model.now)
        return at

    def go(self) -> None:
        """Take one step that may make sense, and compare."""
        name, args = self._choice()
        self.told.append(f"{name}{args}")
        if name == "wait":
            self.model.now += args[0]
            clock.forget()
        else:
            self._both(name, *args)
        self._compare()

    def _both(self, name: str, *args: Any) -> None:
        """Do the same to both; either both refuse, and nothing is left of it, or neither does."""
        trial = self.model.trial()
        try:
            getattr(trial, name)(*args)
        except reference.Refused:
            COUNTED["refused"] += 1
            self._must_refuse(name, *args)
        else:
            with transaction.atomic():
                getattr(self.portal, name)(*args)
            self.model = trial
            self.merged = self.merged or name == "merge"
            COUNTED[name] += 1

    def _must_refuse(self, name: str, *args: Any) -> None:
        with pytest.raises(REFUSALS), transaction.atomic():
            getattr(self.portal, name)(*args)

    def _choice(self) -> tuple[str, tuple[Any, ...]]:
        """Draw until something can be tried: mostly what should work, now and then what should not."""
        deals = self.model.deals
        while True:
            name = self.chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
            if name == "wait":
                return name, (self.chance.choice(WAITS),)
            if name == "let_out":
                return name, ()
            if name == "submit" and len(deals) < MOST_DEALS:
                return name, self._submission()
            if name == "merge" and not self.merged and len(deals) > 6:
                return name, ("hidrolan", "quarvex")
            if name == "undo" and self.model.decisions:
                last = len(self.model.decisions)
                return name, (self.chance.randrange(max(0, last - 3), last),)
            key = self._deal(*FROM[name]) if name in FROM else None
            if key and (found := self._more(name, key)):
                return name, found

    def _submission(self) -> tuple[Any, ...]:
        company = "quarvex" if self.merged or self.chance.random() < 0.75 else "hidrolan"
        return (
            len(self.model.deals) + 1,
            self.chance.choice(sorted(PARTNERS)),
            company,
            self._lines(),
        )

    def _more(self, name: str, key: int) -> tuple[Any, ...] | None:
        """The other arguments of a step on a deal; None when there is nothing to try."""
        if name == "approve_jointly":
            same = self.model.deals[key].company
            others = [
                k for k, d in self.model.deals.items()
                if k != key and d.company == same and d.state in {*FROM["approve"], reference.APPROVED}
            ]  # fmt: skip
            return (key, self.chance.choice(others)) if others else None
        if name == "split":
            if len(self.model.deals) >= MOST_DEALS:
                return None
            return key, len(self.model.deals) + 1, self._lines() & self.model.deals[key].lines
        return (key, 60) if name == "extend" else (key,)

    def _lines(self) -> frozenset[str]:
        return frozenset(self.chance.sample(LINES, self.chance.choice((1, 1, 2, 3))))

    def _deal(self, *states: str) -> int | None:
        wild = self.chance.random() < WILD
        keys = [k for k, d in self.model.deals.items() if wild or d.state in states]
        return self.chance.choice(keys) if keys else None

    def _compare(self) -> None:
        rows = Registration.objects.filter(pk__in=self.portal.rows.values())
        states = dict(rows.values_list("pk", "state"))
        found = {key: states[pk] for key, pk in self.portal.rows.items()}
        assert found == {key: deal.state for key, deal in self.model.deals.items()}
        companies = {deal.company for deal in self.model.deals.values()}
        live = [hold for company in companies for hold in self.model.live(company)]
        told = {(hold.lines, hold.end, frozenset(hold.holders)) for hold in live}
        assert self.portal.holds() == told
        for company in companies:  # and nobody shares a line unasked
            held = [hold.lines for hold in live if hold.company == company]
            assert sum(map(len, held)) == len(frozenset().union(*held))


WEIGHTS = {
    "submit": 14, "approve": 9, "approve_jointly": 6, "queue": 12, "reject": 4, "ask": 3,
    "answer": 3, "reopen": 2, "withdraw": 2, "close": 5, "split": 3, "extend": 3, "undo": 8,
    "merge": 1, "wait": 10, "let_out": 6,
}  # fmt: skip
WAITING = (reference.SUBMITTED, reference.REVIEW)
FROM: dict[str, tuple[str, ...]] = {
    "approve": WAITING, "approve_jointly": WAITING, "queue": WAITING, "ask": WAITING,
    "split": WAITING, "answer": (reference.ASKED,), "reopen": (reference.REJECTED,),
    "reject": (*WAITING, reference.ASKED, reference.QUEUED),
    "withdraw": (*WAITING, reference.ASKED, reference.QUEUED),
    "close": (reference.APPROVED,), "extend": (reference.APPROVED,),
}  # fmt: skip
WAITS = (5, 5, 31, 31, 3_600, 86_400, 40 * 86_400, 95 * 86_400)
WILD = 0.08
MOST_DEALS = 24
COUNTED: Counter[str] = Counter()


@pytest.fixture
def own_time() -> Iterator[Callable[[Walk], None]]:
    """Let the portal's only clock be the model's."""
    walks: list[Walk] = []
    with patch.object(clock, "_read", lambda: walks[-1].time() if walks else START):
        yield walks.append
    clock.forget()


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(RUNS))
def test_the_portal_does_what_the_model_does(seed, own_time):
    clock.forget()
    walk = Walk(seed)
    own_time(walk)
    try:
        for _step in range(STEPS):
            walk.go()
    except Exception as error:
        raise AssertionError("\n  ".join([f"Walk {seed} ends with {error}", *walk.told])) from error


def test_the_walks_have_done_everything():
    """Runs after them: a step that never succeeds would prove nothing."""
    if RUNS >= FULL:
        assert set(COUNTED) == {*WEIGHTS, "refused"} - {"wait"}
