"""A decision that is held can be taken back, exactly; one that has left can be reopened."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifications.models import Notice
from prm import clock, due
from prm.due.models import DueRow
from registrations import selectors, services
from registrations.enums import CloseCode, ConflictKind, DeclineCode, Settlement, State
from registrations.models import (
    Decision,
    Protection,
    ProtectionHolder,
    Registration,
    RegistrationConflict,
    Touch,
)
from tests.registrations.conftest import make_approved, make_submitted

pytestmark = pytest.mark.django_db

NO = {"code": DeclineCode.NOT_ELIGIBLE, "note": "Outside the programme."}
SITE = {"website": "initech.example"}


def ready(submitted: Any, user: Any, referee: Any, name: str = "Initech", **values: Any) -> Any:
    row = submitted(user, name, **{**SITE, **values})
    return services.take_registration(
        services.confirm_customer(row, None, actor=referee), actor=referee
    )


def last(row: Registration) -> Decision:
    return Decision.objects.filter(registration=row).latest("pk")


def told(row: Registration, kind: str) -> list[str]:
    found = Notice.objects.filter(subject_uid=row.uid, kind=f"registrations.{kind}")
    return list(found.values_list("state", flat=True))


def test_a_decision_is_written_down_and_held(submitted, pat, mia):
    row = services.reject_registration(ready(submitted, pat, mia), actor=mia, **NO)
    decision = last(row)
    assert (decision.action, decision.origin, decision.actor) == ("REJECT", "IN_REVIEW", mia)
    assert decision.effective_at - decision.at == services.HOLD
    assert list(Decision.objects.all().held_at(clock.now())) == [decision]


def test_effects_wait_and_then_leave(submitted, pat, sam, mia, travel):
    first = ready(submitted, pat, mia)
    rival = submitted(sam, "Initech", **SITE)
    due.drain()  # the second look
    services.approve_registration(first, actor=mia, overrule=True)
    due.drain()
    assert not rival.conflicts.filter(kind=ConflictKind.PROTECTED).exists()
    travel(seconds=31)
    due.drain()
    assert rival.conflicts.filter(kind=ConflictKind.PROTECTED).exists()
    assert last(first).done_at is not None


def test_undo_of_an_approval_frees_the_customer(submitted, pat, mia, max_):
    row = ready(submitted, pat, mia)
    services.approve_registration(row, actor=mia)
    undone = services.undo_decision(last(row), actor=max_)

    assert (undone.state, undone.decided_at, undone.decided_by) == (State.IN_REVIEW, None, None)
    assert not Protection.objects.at(clock.now()).exists()
    assert selectors.protection_of(undone) is None
    assert told(row, "approved") == ["CANCELLED"]
    assert (last(row).undone_by, last(row).done_at) == (max_, None)


def test_an_undone_decision_can_be_made_again(submitted, pat, mia, travel):
    row = ready(submitted, pat, mia)
    services.approve_registration(row, actor=mia)
    services.undo_decision(last(row), actor=mia)
    again = services.approve_registration(row, actor=mia)
    assert again.state == State.APPROVED
    assert told(row, "approved") == ["CANCELLED", "WAITING"]
    travel(seconds=31)
    due.drain()
    assert Protection.objects.at(clock.now()).count() == 1


def test_undo_after_the_hold_is_refused(submitted, pat, mia, travel):
    row = services.reject_registration(ready(submitted, pat, mia), actor=mia, **NO)
    travel(seconds=31)
    with pytest.raises(services.TooLate):
        services.undo_decision(last(row), actor=mia)
    due.drain()
    with pytest.raises(services.TooLate):
        services.undo_decision(last(row), actor=mia)


def test_undo_twice_is_refused(submitted, pat, mia):
    row = services.reject_registration(ready(submitted, pat, mia), actor=mia, **NO)
    services.undo_decision(last(row), actor=mia)
    with pytest.raises(services.UndoneAlready):
        services.undo_decision(last(row), actor=mia)


def test_undo_of_what_has_moved_on_is_refused(submitted, pat, mia):
    row = services.ask_for_more(ready(submitted, pat, mia), actor=mia, question="Who signs?")
    services.answer_question(row, actor=pat, answer="Bill.")
    with pytest.raises(services.Overtaken):
        services.undo_decision(last(row), actor=mia)


@pytest.mark.parametrize("who", ["pat", "sam", "fin", "ana"])
def test_only_referees_undo(who, request, submitted, pat, mia):
    row = services.reject_registration(ready(submitted, pat, mia), actor=mia, **NO)
    with pytest.raises(PermissionDenied):
        services.undo_decision(last(row), actor=request.getfixturevalue(who))


def test_a_rival_that_came_while_it_stood_is_judged_again(submitted, pat, sam, mia):
    row = ready(submitted, pat, mia)
    services.approve_registration(row, actor=mia)
    rival = submitted(sam, "Initech", **SITE)
    assert rival.conflicts.get().kind == ConflictKind.PROTECTED

    services.undo_decision(last(row), actor=mia)
    assert rival.conflicts.get().kind == ConflictKind.PENDING
    assert row.conflicts.get().other == rival


def test_a_held_decline_keeps_the_place_in_line(approved, submitted, pat, sam, sue, mia, travel):
    holder = approved(pat, "Initech", **SITE)
    first = services.queue_registration(ready(submitted, sam, mia), actor=mia)
    second = services.queue_registration(ready(submitted, sue, mia), actor=mia)
    travel(seconds=31)
    due.drain()
    services.reject_registration(first, actor=mia, **NO)
    services.close_registration(holder, CloseCode.RELEASED, actor=pat)
    second.refresh_from_db()
    assert second.state == State.QUEUED  # the first might still come back

    services.undo_decision(last(first), actor=mia)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (State.IN_REVIEW, State.QUEUED)


def test_once_a_decline_has_left_the_line_moves(approved, submitted, pat, sam, sue, mia, travel):
    holder = approved(pat, "Initech", **SITE)
    first = services.queue_registration(ready(submitted, sam, mia), actor=mia)
    second = services.queue_registration(ready(submitted, sue, mia), actor=mia)
    travel(seconds=31)
    due.drain()
    services.reject_registration(first, actor=mia, **NO)
    services.close_registration(holder, CloseCode.RELEASED, actor=pat)
    travel(seconds=31)
    due.drain()
    second.refresh_from_db()
    assert second.state == State.IN_REVIEW


def test_reopen_says_why_and_starts_the_clock(submitted, pat, sam, mia, travel):
    row = ready(submitted, pat, mia)
    rival = submitted(sam, "Initech", **SITE)
    services.reject_registration(row, actor=mia, **NO)
    with pytest.raises(services.StillHeld):
        services.reopen_registration(row, actor=mia, reason="We were wrong.")
    travel(seconds=31)
    due.drain()
    assert rival.conflicts.get().settlement == Settlement.GONE

    again = services.reopen_registration(row, actor=mia, reason="We were wrong.")
    assert (again.state, again.decline_code) == (State.IN_REVIEW, "")
    assert again.due_at > clock.now()
    assert told(row, "reopened") == ["WAITING"]
    assert [c.is_open for c in again.conflicts.all()] == [True]
    assert rival.conflicts.get().is_open


def test_a_rule_approves_at_once(submitted, pat, mia):
    row = services.confirm_customer(submitted(pat, "Initech"), None, actor=mia)
    services.approve_as_ruled(row)
    decision = last(row)
    assert (decision.actor, decision.effective_at) == (None, decision.at)
    assert decision.done_at is not None
    with pytest.raises(services.TooLate):
        services.undo_decision(decision, actor=mia)


def test_the_stale_page_is_told_who_and_when(submitted, pat, mia, max_, travel):
    row = ready(submitted, pat, mia)
    seen = row.version
    services.reject_registration(row, actor=mia, **NO)
    travel(seconds=20)
    with pytest.raises(services.ChangedMeanwhile) as refusal:
        services.approve_registration(row, actor=max_, version=seen)
    assert str(refusal.value) == "Mia Manager decided this 20 seconds ago: declined."
    with pytest.raises(services.ChangedMeanwhile):
        services.take_registration(row, actor=max_, version=seen)


def test_whoever_registered_it_does_not_decide_it(submitted, pat, mia, max_):
    row = submitted(pat, "Initech")
    row.change(registered_by=mia)
    with pytest.raises(PermissionDenied):
        services.reject_registration(row, actor=mia, **NO)
    assert services.reject_registration(row, actor=max_, **NO).state == State.REJECTED


# --- property: decide and undo leave no trace -------------------------------------------------------

ROOM = (Registration, RegistrationConflict, ProtectionHolder, Touch)
MOVES = ("approve", "queue", "reject", "ask")
DEALS = st.lists(
    st.tuples(
        st.sampled_from(["pat", "sam", "sue", "paula"]),
        st.sampled_from(["Initech", "Initech Inc", "Initech Group"]),
        st.sampled_from(["initech.example", "group.example", ""]),
        st.sampled_from([("crm",), ("erp",), ("crm", "erp")]),
    ),
    min_size=1,
    max_size=4,
)


def dump() -> dict[str, Any]:
    """Every row of the room, and what is due, but for what counts moves and says when."""
    empty = Protection.objects.filter(period__isempty=True)
    rows: dict[str, Any] = {}
    for model in ROOM:
        query = model.objects.order_by("pk")
        if model is ProtectionHolder:
            query = query.exclude(protection__in=empty)
        found = [dict(row) for row in query.values()]
        rows[model.__name__] = [
            {k: v for k, v in row.items() if k not in {"version", "updated_at"}} for row in found
        ]
    held = Protection.objects.exclude(pk__in=empty).order_by("pk")
    rows["Protection"] = [(p.pk, str(p.products), str(p.places), str(p.period)) for p in held]
    later = DueRow.objects.exclude(kind="registrations.effects").order_by("kind", "key")
    rows["due"] = list(later.values_list("kind", "key", "subject", "due_at", "data"))
    return rows


def decide(row: Registration, move: str, referee: Any) -> Registration:
    if move == "approve":
        return services.approve_registration(row, actor=referee, overrule=True)
    if move == "queue":
        return services.queue_registration(row, actor=referee, note="Wait")
    if move == "reject":
        return services.reject_registration(row, actor=referee, **NO)
    return services.ask_for_more(row, actor=referee, question="Why?", open_fields=["value"])


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(deals=DEALS, held=st.booleans(), which=st.integers(0, 3), move=st.sampled_from(MOVES))
def test_decide_and_undo_leave_no_trace(request, mia, max_, deals, held, which, move):
    for one in ("pat", "sam", "sue", "paula"):
        request.getfixturevalue(one)
    from django.db import transaction

    with transaction.atomic():
        if held:
            make_approved(request.getfixturevalue("pat"), mia, "Initech", **SITE)
        rows = [
            make_submitted(request.getfixturevalue(user), name, website=site, lines=lines)
            for user, name, site, lines in deals
        ]
        row = rows[which % len(rows)]
        services.confirm_customer(row, None, actor=mia)
        row = services.take_registration(row, actor=mia)
        before = dump()
        try:
            with transaction.atomic():
                row = decide(row, move, mia)
        except services.Refused:
            pass
        else:
            assert dump() != before
            services.undo_decision(last(row), actor=max_)
        assert dump() == before
        transaction.set_rollback(True)
