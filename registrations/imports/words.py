"""What lists from elsewhere call the stages and states of a running deal. Pure."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.utils import translation

from companies.loads.cleaning import folded
from registrations.enums import Stage, State

_STAGES = {
    "prospect": Stage.PROSPECT, "new": Stage.PROSPECT, "neu": Stage.PROSPECT,
    "prospecting": Stage.PROSPECT, "interessent": Stage.PROSPECT,
    "qualified": Stage.QUALIFIED, "qualification": Stage.QUALIFIED, "qualifiziert": Stage.QUALIFIED,
    "proposal": Stage.PROPOSAL, "quote": Stage.PROPOSAL, "angebot": Stage.PROPOSAL,
    "negotiation": Stage.NEGOTIATION, "verhandlung": Stage.NEGOTIATION,
    "committed": Stage.COMMITTED, "commit": Stage.COMMITTED, "zugesagt": Stage.COMMITTED,
}  # fmt: skip
_STATUSES = {
    "open": State.SUBMITTED, "offen": State.SUBMITTED, "submitted": State.SUBMITTED,
    "new": State.SUBMITTED, "neu": State.SUBMITTED, "pending": State.SUBMITTED,
    "waiting": State.SUBMITTED, "eingereicht": State.SUBMITTED, "wartend": State.SUBMITTED,
    "inreview": State.IN_REVIEW, "review": State.IN_REVIEW, "openinreview": State.IN_REVIEW,
    "underreview": State.IN_REVIEW, "inprufung": State.IN_REVIEW, "inbearbeitung": State.IN_REVIEW,
    "approved": State.APPROVED, "protected": State.APPROVED, "approvedprotected": State.APPROVED,
    "active": State.APPROVED, "genehmigt": State.APPROVED, "geschutzt": State.APPROVED,
    "aktiv": State.APPROVED, "bestatigt": State.APPROVED,
    "inline": State.QUEUED, "queued": State.QUEUED, "queue": State.QUEUED, "waitlisted": State.QUEUED,
    "waitlist": State.QUEUED, "inderschlange": State.QUEUED, "inderwarteschlange": State.QUEUED,
    "warteschlange": State.QUEUED, "warteliste": State.QUEUED, "aufderwarteliste": State.QUEUED,
    "inderreihe": State.QUEUED,
}  # fmt: skip
_RUNNING = (State.SUBMITTED, State.IN_REVIEW, State.APPROVED, State.QUEUED)


def stage_of(text: str) -> Stage | None:
    """The sales stage that a word means; None for none."""
    found: Stage | None = _labels(Stage).get(folded(text)) or _STAGES.get(folded(text))
    return found


def status_of(text: str) -> State | None:
    """The state of a running deal that a word means; None for none, and for deals that are over."""
    found: State | None = _STATUSES.get(folded(text)) or _labels(State).get(folded(text))
    return found if found in _RUNNING else None


@cache
def _labels(choices: type[Stage] | type[State]) -> dict[str, Any]:
    """The portal's own words for something, in all of its languages, and the codes."""
    found: dict[str, Any] = {}
    for language, _label in settings.LANGUAGES:
        with translation.override(language):
            found |= {folded(str(one.label)): one for one in choices}
    return found | {folded(one.value): one for one in choices}
