"""The only list of legal moves of a lead and of an offer; docs/states/lead.md is generated from it."""

from leads.enums import Action, OfferState, State

ALLOWED: dict[tuple[State, Action], State] = {
    (State.NEW, Action.BEGIN): State.QUALIFYING,
    (State.QUALIFYING, Action.QUALIFY): State.QUALIFIED,
    (State.QUALIFYING, Action.DISQUALIFY): State.DISQUALIFIED,
    (State.QUALIFIED, Action.OFFER): State.OFFERED,
    (State.QUALIFIED, Action.DISQUALIFY): State.DISQUALIFIED,
    (State.OFFERED, Action.ACCEPT): State.ACCEPTED,
    (State.OFFERED, Action.DECLINE): State.QUALIFIED,
    (State.OFFERED, Action.TIME_OUT): State.QUALIFIED,
    (State.OFFERED, Action.WITHDRAW): State.QUALIFIED,
    (State.ACCEPTED, Action.CONTACT): State.CONTACTED,
    (State.ACCEPTED, Action.WORK): State.WORKING,
    (State.ACCEPTED, Action.LOSE): State.LOST,
    (State.ACCEPTED, Action.TAKE_BACK): State.QUALIFIED,
    (State.CONTACTED, Action.WORK): State.WORKING,
    (State.CONTACTED, Action.LOSE): State.LOST,
    (State.CONTACTED, Action.TAKE_BACK): State.QUALIFIED,
    (State.WORKING, Action.UNDO_WORK): State.CONTACTED,
    (State.WORKING, Action.CONVERT): State.CONVERTED,
    (State.WORKING, Action.LOSE): State.LOST,
    (State.WORKING, Action.TAKE_BACK): State.QUALIFIED,
    (State.CONVERTED, Action.WIN): State.WON,
    (State.CONVERTED, Action.LOSE): State.LOST,
}
"""Declined and timed out are ends of an offer: the lead itself goes to the next partner from QUALIFIED."""

OFFERS: dict[tuple[OfferState, Action], OfferState] = {
    (OfferState.OFFERED, Action.ACCEPT): OfferState.ACCEPTED,
    (OfferState.OFFERED, Action.DECLINE): OfferState.DECLINED,
    (OfferState.OFFERED, Action.TIME_OUT): OfferState.TIMED_OUT,
    (OfferState.OFFERED, Action.WITHDRAW): OfferState.WITHDRAWN,
    (OfferState.ACCEPTED, Action.TAKE_BACK): OfferState.TAKEN_BACK,
}


class InvalidTransition(Exception):
    """The move is not in the table: somebody else has moved the lead, or it is over."""

    def __init__(self, state: State, action: Action) -> None:
        super().__init__(f"{action} is not possible in state {state}")
        self.state = state
        self.action = action


def target(state: State, action: Action) -> State:
    """Return the state an action leads to; raise InvalidTransition if it is not legal."""
    try:
        return ALLOWED[state, action]
    except KeyError as error:
        raise InvalidTransition(state, action) from error


def actions(state: State) -> frozenset[Action]:
    """Return what may be done in a state."""
    return frozenset(action for (origin, action) in ALLOWED if origin == state)


def diagram() -> str:
    """Return the lead's table as a mermaid state diagram."""
    lines = ["stateDiagram-v2", "    [*] --> NEW"]
    lines += [f"    {a.value} --> {b.value}: {x.value}" for (a, x), b in ALLOWED.items()]
    ends = [s for s in State if not actions(s)]
    return "\n".join([*lines, *(f"    {s.value} --> [*]" for s in ends)])


def offer_diagram() -> str:
    """Return the offer's table as a mermaid state diagram."""
    lines = ["stateDiagram-v2", "    [*] --> OFFERED"]
    return "\n".join(
        [*lines, *(f"    {a.value} --> {b.value}: {x.value}" for (a, x), b in OFFERS.items())]
    )
