"""Undo at the very instant at which something else happens, on real connections: one truth remains."""

from datetime import timedelta
from typing import Any

import pytest

from prm import clock, due
from registrations import services
from registrations.enums import ConflictKind, DeclineCode, State
from registrations.models import Decision, Protection, Registration
from registrations.services.effects import let_out
from tests.registrations.conftest import make_draft, make_submitted
from tests.registrations.test_races import at_once, someone
from users.models import User

pytestmark = [pytest.mark.concurrency, pytest.mark.usefixtures("own_database")]

ROUNDS = 6
NO = {"code": DeclineCode.NOT_ELIGIBLE, "note": "Outside the programme."}


@pytest.fixture(autouse=True)
def _unblocked(django_db_blocker: Any) -> Any:
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def people() -> dict[str, User]:
    known = {"pat": "pat@harbor.example", "sam": "sam@summit.example"}
    known |= {"mia": "mia@acme.example", "max": "max@acme.example"}
    return {name: someone(email) for name, email in known.items()}


def approved(people: dict[str, User], name: str, site: str) -> tuple[Registration, Decision]:
    row = make_submitted(people["pat"], name, website=site)
    row = services.confirm_customer(row, None, actor=people["mia"])
    row = services.approve_registration(row, actor=people["mia"], overrule=True)
    return row, Decision.objects.filter(registration=row).latest("pk")


def is_protected(row: Registration) -> bool:
    return Protection.objects.at(clock.now()).filter(holders__registration=row).exists()


def test_undo_against_effects_is_one_of_them(people: dict[str, User]) -> None:
    for number in range(ROUNDS):
        row, decision = approved(people, f"Instant {number}", f"instant-{number}.example")
        results = at_once(
            lambda d=decision: services.undo_decision(d, actor=people["mia"]),
            lambda d=decision: let_out(d),
        )
        decision.refresh_from_db()
        row.refresh_from_db()
        assert (decision.undone_at is None) != (decision.done_at is None), results
        assert (row.state == State.APPROVED) == (decision.done_at is not None)
        assert is_protected(row) == (row.state == State.APPROVED)
        lost = [each for each in results if isinstance(each, Exception)]
        assert all(isinstance(each, services.TooLate) for each in lost), results


def test_undo_against_the_sweep_leaves_no_deadlock(people: dict[str, User]) -> None:
    for number in range(ROUNDS):
        row, decision = approved(people, f"Sweep {number}", f"sweep-{number}.example")
        results = at_once(
            lambda d=decision: services.undo_decision(d, actor=people["mia"]), due.drain, due.drain
        )
        assert not [each for each in results if isinstance(each, Exception)], results
        row.refresh_from_db()
        assert row.state == State.IN_REVIEW
        assert not is_protected(row)


def test_two_undo_at_once_and_one_does(people: dict[str, User]) -> None:
    for number in range(ROUNDS):
        _row, decision = approved(people, f"Twice {number}", f"twice-{number}.example")
        results = at_once(
            lambda d=decision: services.undo_decision(d, actor=people["mia"]),
            lambda d=decision: services.undo_decision(d, actor=people["max"]),
        )
        lost = [each for each in results if isinstance(each, Exception)]
        assert len(lost) == 1
        assert isinstance(lost[0], services.UndoneAlready)


def test_undo_against_a_second_decision(people: dict[str, User]) -> None:
    for number in range(ROUNDS):
        site = f"second-{number}.example"
        holder, _first = approved(people, f"Second {number}", site)
        row = make_submitted(people["sam"], f"Second {number}", website=site)
        row = services.queue_registration(row, actor=people["mia"])
        decision = Decision.objects.filter(registration=row).latest("pk")
        results = at_once(
            lambda d=decision: services.undo_decision(d, actor=people["mia"]),
            lambda r=row: services.reject_registration(
                r, actor=people["max"], version=r.version, **NO
            ),
        )
        lost = [each for each in results if isinstance(each, Exception)]
        assert len(lost) == 1, results
        assert isinstance(lost[0], services.Overtaken | services.ChangedMeanwhile)
        row.refresh_from_db()
        assert row.state in {State.IN_REVIEW, State.REJECTED}
        assert is_protected(holder)


def test_undo_against_a_rivals_submission(people: dict[str, User]) -> None:
    for number in range(ROUNDS):
        site = f"rival-{number}.example"
        row, decision = approved(people, f"Rival {number}", site)
        draft = make_draft(people["sam"], f"Rival {number}", website=site)
        results = at_once(
            lambda d=decision: services.undo_decision(d, actor=people["mia"]),
            lambda r=draft: services.submit_registration(r, actor=people["sam"]),
        )
        assert not [each for each in results if isinstance(each, Exception)], results
        rival = Registration.objects.get(pk=draft.pk)
        between = rival.conflicts.filter(other=row, settled_at=None)
        assert [conflict.kind for conflict in between] == [ConflictKind.PENDING]
        assert row.conflicts.filter(other=rival, settled_at=None).exists()
        assert not Protection.objects.at(clock.now() + timedelta(days=1)).filter(
            holders__registration=row
        )
