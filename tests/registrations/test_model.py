"""Random steps against the reference model: who holds what, and who is next, whatever happens.

A few hundred steps run with the suite; `PRM_MODEL_RUNS=250` makes it more than ten thousand.
"""

import os
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from unittest.mock import patch

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

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

RUNS = int(os.environ.get("PRM_MODEL_RUNS", "8"))
STEPS = 45
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


class Machine(RuleBasedStateMachine):
    """Whatever anybody may do, in any order; the model and the portal agree after every step."""

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.clock = patch.object(clock, "_read", self._time)
        self.model = reference.Model(ends)
        self.clock.start()
        clock.forget()
        self.portal = Portal(self._time)

    def teardown(self) -> None:
        self.clock.stop()
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)
        clock.forget()

    def _time(self) -> datetime:
        at: datetime = START + timedelta(seconds=self.model.now if hasattr(self, "model") else 0)
        return at

    def step(self, name: str, *args: Any) -> None:
        """Do the same to both; either both refuse, and nothing is left of it, or neither does."""
        trial = self.model.trial()
        try:
            getattr(trial, name)(*args)
        except reference.Refused as why:
            assert self._refused(name, *args), f"{name}{args} was done; the model: {why}"
        else:
            with transaction.atomic():
                getattr(self.portal, name)(*args)
            self.model = trial

    def _refused(self, name: str, *args: Any) -> bool:
        try:
            with transaction.atomic():
                getattr(self.portal, name)(*args)
        except REFUSALS:
            return True
        return False

    def chosen(self, data: st.DataObject, *states: str) -> int | None:
        keys = [k for k, d in self.model.deals.items() if not states or d.state in states]
        return data.draw(st.sampled_from(keys)) if keys else None

    @rule(
        partner=st.sampled_from(sorted(PARTNERS)),
        company=st.sampled_from(["quarvex", "quarvex", "hidrolan"]),
        lines=st.frozensets(st.sampled_from(LINES), min_size=1),
    )
    def submit(self, partner: str, company: str, lines: frozenset[str]) -> None:
        if len(self.model.deals) < 14:
            if self.merged:
                company = "quarvex"
            self.step("submit", len(self.model.deals) + 1, partner, company, lines)

    merged = False

    @rule(data=st.data())
    def approve(self, data: st.DataObject) -> None:
        if key := self.chosen(data, reference.SUBMITTED, reference.REVIEW):
            self.step("approve", key)

    @rule(data=st.data())
    def approve_jointly(self, data: st.DataObject) -> None:
        key = self.chosen(data, reference.SUBMITTED, reference.REVIEW)
        other = self.chosen(data, reference.SUBMITTED, reference.REVIEW, reference.APPROVED)
        if key and other and key != other:
            self.step("approve_jointly", key, other)

    @rule(data=st.data(), what=st.sampled_from(["queue", "reject", "ask", "answer", "withdraw"]))
    def decide(self, data: st.DataObject, what: str) -> None:
        if key := self.chosen(data):
            self.step(what, key)

    @rule(data=st.data())
    def queue(self, data: st.DataObject) -> None:
        if key := self.chosen(data, reference.SUBMITTED, reference.REVIEW):
            self.step("queue", key)

    @rule(data=st.data(), what=st.sampled_from(["close", "close", "reopen"]))
    def end(self, data: st.DataObject, what: str) -> None:
        states = {"close": [reference.APPROVED], "reopen": [reference.REJECTED]}[what]
        if key := self.chosen(data, *states):
            self.step(what, key)

    @rule(data=st.data(), lines=st.frozensets(st.sampled_from(LINES), min_size=1, max_size=2))
    def split(self, data: st.DataObject, lines: frozenset[str]) -> None:
        key = self.chosen(data, reference.SUBMITTED, reference.REVIEW)
        if key and len(self.model.deals) < 14:
            lines &= self.model.deals[key].lines
            self.step("split", key, len(self.model.deals) + 1, lines)

    @rule(data=st.data())
    def extend(self, data: st.DataObject) -> None:
        if key := self.chosen(data, reference.APPROVED):
            self.step("extend", key, 60)

    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        if last := len(self.model.decisions):
            self.step("undo", data.draw(st.integers(max(0, last - 3), last - 1)))

    @rule()
    def merge(self) -> None:
        if not self.merged and len(self.model.deals) > 4:
            before = self.model
            self.step("merge", "hidrolan", "quarvex")
            self.merged = self.model is not before

    @rule(seconds=st.sampled_from([5, 31, 3_600, 86_400, 40 * 86_400, 95 * 86_400]))
    def wait(self, seconds: int) -> None:
        self.model.now += seconds
        clock.forget()

    @rule()
    def sweep(self) -> None:
        self.step("let_out")

    @invariant()
    def both_agree(self) -> None:
        states = dict(
            Registration.objects.filter(pk__in=self.portal.rows.values()).values_list("pk", "state")
        )
        found = {key: states[pk] for key, pk in self.portal.rows.items()}
        assert found == {key: deal.state for key, deal in self.model.deals.items()}
        live = {
            (hold.lines, hold.end, frozenset(hold.holders))
            for company in {deal.company for deal in self.model.deals.values()}
            for hold in self.model.live(company)
        }
        assert self.portal.holds() == live

    @invariant()
    def nobody_shares_unasked(self) -> None:
        for company in self.portal.companies.values():
            held = [
                as_ids(one.products)
                for one in Protection.objects.at(self._time()).filter(company=company)
            ]
            assert sum(map(len, held)) == len(frozenset().union(*held))


@pytest.mark.django_db
def test_the_portal_does_what_the_model_does():
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
