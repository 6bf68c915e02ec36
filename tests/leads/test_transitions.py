"""The move tables: complete, closed, and drawn as they are."""

from pathlib import Path

import pytest

from leads.enums import Action, OfferState, State
from leads.transitions import (
    ALLOWED,
    OFFERS,
    InvalidTransition,
    actions,
    diagram,
    offer_diagram,
    target,
)

DIAGRAM = Path(__file__).parents[2] / "docs" / "states" / "lead.md"


def test_every_state_is_reached_or_first():
    assert {State.NEW, *ALLOWED.values()} == set(State)
    assert {OfferState.OFFERED, *OFFERS.values()} == set(OfferState)


def test_every_action_is_used():
    assert {action for _state, action in ALLOWED} == set(Action)


def test_what_ends_an_offer_moves_its_lead():
    assert {action for _state, action in OFFERS} <= {action for _state, action in ALLOWED}


@pytest.mark.parametrize("state", [State.DISQUALIFIED, State.WON, State.LOST])
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


def test_the_diagrams_are_current():
    text = DIAGRAM.read_text()
    assert diagram() in text
    assert offer_diagram() in text
