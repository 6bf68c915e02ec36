"""The move table: complete, closed, and drawn as it is."""

from pathlib import Path

import pytest

from registrations.enums import Action, State
from registrations.transitions import ALLOWED, InvalidTransition, actions, diagram, target

DIAGRAM = Path(__file__).parents[2] / "docs" / "states" / "registration.md"


def test_every_state_is_reached_or_first():
    assert {State.DRAFT, *ALLOWED.values()} == set(State)


def test_every_action_is_used():
    assert {action for _state, action in ALLOWED} == set(Action)


@pytest.mark.parametrize("state", [State.WITHDRAWN, State.CLOSED])
def test_terminal_states_go_nowhere(state):
    assert not actions(state)


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("action", list(Action))
def test_a_move_is_in_the_table_or_refused(state, action):
    if (state, action) in ALLOWED:
        assert target(state, action) == ALLOWED[state, action]
    else:
        with pytest.raises(InvalidTransition):
            target(state, action)


def test_the_diagram_is_current():
    assert diagram() in DIAGRAM.read_text()
