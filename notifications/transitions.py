"""What may become of a message, and what follows from how an attempt ended. Pure."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto

from notifications.enums import MessageState as State

ALLOWED: dict[State, frozenset[State]] = {
    State.QUEUED: frozenset({State.SENDING, State.SUPERSEDED}),
    State.SENDING: frozenset({State.SENT, State.QUEUED, State.UNCERTAIN, State.FAILED}),
    State.UNCERTAIN: frozenset({State.SENT, State.QUEUED, State.FAILED}),
    State.FAILED: frozenset({State.QUEUED}),
    State.SENT: frozenset(),
    State.SUPERSEDED: frozenset(),
}
"""The only list of legal moves."""

MAX_STRIKES = 5
GIVE_UP_AFTER = timedelta(days=5)
QUIET = timedelta(minutes=1)  # after losing sight of a message, before asking what became of it
ASK_AGAIN = timedelta(hours=1)
ASK_NO_LONGER = timedelta(hours=24)

_STRIKE_WAITS = tuple(timedelta(minutes=m) for m in (1, 5, 30, 120))
_REFUSAL_WAITS = tuple(timedelta(minutes=m) for m in (1, 2, 4, 8, *(15,) * 14, *(60,) * 20, 240))
_PAUSES = tuple(timedelta(minutes=m) for m in (1, 1, 2, 2, 5))


class MoveRefused(Exception):
    """The message is in a state from which this does not lead."""


class Outcome(Enum):
    """How an attempt to send ended, or what was learned of it later."""

    ACCEPTED = auto()  # the relay took it
    RELAY_DOWN = auto()  # nobody answered; nothing is known against this message
    REFUSED_FOR_NOW = auto()  # 4xx: try later
    REFUSED = auto()  # 5xx
    CRASHED = auto()  # before anything was handed over: it cannot be rendered, or the worker died
    NO_ANSWER = auto()  # bytes left, no reply came: it may have arrived
    LOST = auto()  # evidence: the relay never took it
    UNKNOWN = auto()  # no evidence either way


@dataclass(frozen=True, slots=True)
class Tally:
    """What a message has been through, the present attempt included."""

    attempts: int  # times it was handed to the relay
    strikes: int  # failures that count
    age: timedelta  # since it was made; for UNKNOWN: since it was handed over


@dataclass(frozen=True, slots=True)
class Step:
    """What follows: the state, its strikes, and when to look again (None: no longer by itself)."""

    state: State
    strikes: int
    wait: timedelta | None = None


def diagram() -> str:
    """Return the table as a mermaid state diagram."""
    lines = ["stateDiagram-v2", f"    [*] --> {State.QUEUED.value}"]
    for source, targets in ALLOWED.items():
        lines += [f"    {source.value} --> {target.value}" for target in State if target in targets]
        if not targets:
            lines.append(f"    {source.value} --> [*]")
    return "\n".join(lines)


def check(current: str, target: State) -> None:
    """Raise MoveRefused unless ALLOWED has the move."""
    if target not in ALLOWED[State(current)]:
        raise MoveRefused(f"{current} to {target}")


def after(outcome: Outcome, tally: Tally) -> Step:
    """Return what follows from an outcome."""
    match outcome:
        case Outcome.ACCEPTED:
            return Step(State.SENT, tally.strikes)
        case Outcome.NO_ANSWER:
            return Step(State.UNCERTAIN, tally.strikes, QUIET)
        case Outcome.UNKNOWN:
            wait = ASK_AGAIN if tally.age < ASK_NO_LONGER else None
            return Step(State.UNCERTAIN, tally.strikes, wait)
        case Outcome.RELAY_DOWN:
            return _again(tally, timedelta())
        case Outcome.REFUSED_FOR_NOW:
            return _again(tally, _at(_REFUSAL_WAITS, tally.attempts - 1))
        case Outcome.REFUSED | Outcome.CRASHED | Outcome.LOST:
            return _strike(tally)


def pause(failures: int) -> timedelta:
    """Return how long to leave a dead relay alone after so many failures in a row."""
    return _at(_PAUSES, failures - 1)


def _again(tally: Tally, wait: timedelta) -> Step:
    if tally.age >= GIVE_UP_AFTER:
        return Step(State.FAILED, tally.strikes)
    return Step(State.QUEUED, tally.strikes, wait)


def _strike(tally: Tally) -> Step:
    strikes = tally.strikes + 1
    if strikes >= MAX_STRIKES:
        return Step(State.FAILED, strikes)
    return Step(State.QUEUED, strikes, _at(_STRIKE_WAITS, strikes - 1))


def _at(waits: tuple[timedelta, ...], index: int) -> timedelta:
    return waits[min(max(index, 0), len(waits) - 1)]
