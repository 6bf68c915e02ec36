"""The only list of legal moves of a registration; docs/states/registration.md is generated from it."""

from registrations.enums import Action, State

ALLOWED: dict[tuple[State, Action], State] = {
    (State.DRAFT, Action.SUBMIT): State.SUBMITTED,
    (State.SUBMITTED, Action.TAKE): State.IN_REVIEW,
    (State.SUBMITTED, Action.WITHDRAW): State.WITHDRAWN,
    (State.IN_REVIEW, Action.ASK): State.ACTION_REQUIRED,
    (State.IN_REVIEW, Action.APPROVE): State.APPROVED,
    (State.IN_REVIEW, Action.QUEUE): State.QUEUED,
    (State.IN_REVIEW, Action.REJECT): State.REJECTED,
    (State.IN_REVIEW, Action.WITHDRAW): State.WITHDRAWN,
    (State.ACTION_REQUIRED, Action.ANSWER): State.IN_REVIEW,
    (State.ACTION_REQUIRED, Action.REJECT): State.REJECTED,
    (State.ACTION_REQUIRED, Action.WITHDRAW): State.WITHDRAWN,
    (State.QUEUED, Action.PROMOTE): State.IN_REVIEW,
    (State.QUEUED, Action.REJECT): State.REJECTED,
    (State.QUEUED, Action.WITHDRAW): State.WITHDRAWN,
    (State.REJECTED, Action.REOPEN): State.IN_REVIEW,
    (State.APPROVED, Action.CLOSE): State.CLOSED,
}

UNDOABLE = frozenset({Action.APPROVE, Action.QUEUE, Action.REJECT, Action.ASK})
"""A referee's decisions: for 30 seconds each can be taken back to the state it came from."""


class InvalidTransition(Exception):
    """The move is not in the table: somebody else has moved the registration, or it is over."""

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


def undo_target(before: State, action: Action, after: State) -> State:
    """Return the state that undoing a decision leads back to; raise InvalidTransition if none does."""
    if action not in UNDOABLE or ALLOWED.get((before, action)) != after:
        raise InvalidTransition(after, action)
    return before


def actions(state: State) -> frozenset[Action]:
    """Return what may be done in a state."""
    return frozenset(action for (origin, action) in ALLOWED if origin == state)


def diagram() -> str:
    """Return the table as a mermaid state diagram."""
    lines = ["stateDiagram-v2", "    [*] --> DRAFT"]
    lines += [f"    {a.value} --> {b.value}: {x.value}" for (a, x), b in ALLOWED.items()]
    lines += [
        f"    {b.value} --> {a.value}: undo {x.value}"
        for (a, x), b in ALLOWED.items()
        if x in UNDOABLE
    ]
    ends = [s for s in State if not actions(s)]
    return "\n".join([*lines, *(f"    {s.value} --> [*]" for s in ends)])
