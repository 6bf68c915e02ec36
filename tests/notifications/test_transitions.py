from datetime import timedelta
from pathlib import Path

import pytest

from notifications.enums import MessageState as State
from notifications.transitions import (
    ALLOWED,
    ASK_AGAIN,
    ASK_NO_LONGER,
    GIVE_UP_AFTER,
    MAX_STRIKES,
    QUIET,
    MoveRefused,
    Outcome,
    Step,
    Tally,
    after,
    check,
    diagram,
    pause,
)

DIAGRAM = Path(__file__).resolve().parents[2] / "docs/states/message.md"
YOUNG = Tally(attempts=1, strikes=0, age=timedelta())
MINUTE = timedelta(minutes=1)


def test_every_state_has_an_entry():
    assert set(ALLOWED) == set(State)


def test_the_diagram_is_current():
    assert diagram() in DIAGRAM.read_text()


def test_sent_and_taken_back_go_nowhere():
    assert not ALLOWED[State.SENT] | ALLOWED[State.SUPERSEDED]


@pytest.mark.parametrize("source", State)
@pytest.mark.parametrize("target", State)
def test_check_allows_the_table_and_nothing_else(source, target):
    if target in ALLOWED[source]:
        check(source.value, target)
    else:
        with pytest.raises(MoveRefused):
            check(source.value, target)


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("strikes", range(MAX_STRIKES))
@pytest.mark.parametrize("age", [timedelta(), ASK_NO_LONGER, GIVE_UP_AFTER])
def test_every_outcome_leads_where_a_message_may_go(outcome, strikes, age):
    step = after(outcome, Tally(3, strikes, age))
    assert step.state in ALLOWED[State.SENDING] | ALLOWED[State.UNCERTAIN]
    assert step.strikes in (strikes, strikes + 1)
    if step.state is State.QUEUED:
        assert step.wait is not None


@pytest.mark.parametrize(
    ("outcome", "step"),
    [
        (Outcome.ACCEPTED, Step(State.SENT, 0)),
        (Outcome.RELAY_DOWN, Step(State.QUEUED, 0, timedelta())),
        (Outcome.REFUSED_FOR_NOW, Step(State.QUEUED, 0, MINUTE)),
        (Outcome.REFUSED, Step(State.QUEUED, 1, MINUTE)),
        (Outcome.CRASHED, Step(State.QUEUED, 1, MINUTE)),
        (Outcome.LOST, Step(State.QUEUED, 1, MINUTE)),
        (Outcome.NO_ANSWER, Step(State.UNCERTAIN, 0, QUIET)),
        (Outcome.UNKNOWN, Step(State.UNCERTAIN, 0, ASK_AGAIN)),
    ],
)
def test_first_outcome(outcome, step):
    assert after(outcome, YOUNG) == step


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.CRASHED, Outcome.LOST])
def test_fifth_strike_fails(outcome):
    assert after(outcome, Tally(5, MAX_STRIKES - 1, timedelta())) == Step(State.FAILED, 5)


@pytest.mark.parametrize("outcome", [Outcome.REFUSED_FOR_NOW, Outcome.RELAY_DOWN])
def test_refusals_for_now_never_count_but_end_after_days(outcome):
    assert after(outcome, Tally(500, 4, GIVE_UP_AFTER - MINUTE)).state is State.QUEUED
    assert after(outcome, Tally(500, 4, GIVE_UP_AFTER)) == Step(State.FAILED, 4)


def test_refusals_wait_longer_and_longer_but_never_more_than_a_quarter_hour_in_the_first_two_hours():
    waits = [after(Outcome.REFUSED_FOR_NOW, Tally(n, 0, timedelta())).wait for n in range(1, 60)]
    assert waits == sorted(waits)
    assert waits[0] == MINUTE
    passed = timedelta()
    for wait in waits:
        if passed < timedelta(hours=2):
            assert wait <= timedelta(minutes=15)
        passed += wait
    assert waits[-1] == timedelta(hours=4)


def test_evidence_is_asked_for_until_a_day_has_passed():
    assert after(Outcome.UNKNOWN, Tally(1, 0, ASK_NO_LONGER)).wait is None


def test_pause_grows_to_five_minutes():
    assert [pause(n) // MINUTE for n in (1, 2, 3, 4, 5, 99)] == [1, 1, 2, 2, 5, 5]
