"""What every service of leads shares: the locks, the moves, the events."""

from typing import Any

from django.db import OperationalError
from django.utils.translation import gettext_lazy as _

from leads import transitions
from leads.enums import Action, OfferState, State
from leads.models import Lead, Offer
from prm import clock, events, locks
from prm.locks import Busy
from users.models import User

DISTRIBUTION = "leads.distribution"
"""The lock under which turns are read and moved; taken before any row."""


class Refused(Exception):
    """A move that cannot be made now; `sentence` says why to the person who tried."""

    sentence = _("This is not possible now.")

    def __init__(self, sentence: Any = None) -> None:
        super().__init__(str(sentence or self.sentence))
        if sentence:
            self.sentence = sentence


class ChangedMeanwhile(Refused):
    """Somebody has moved the lead since the page was read."""

    sentence = _("This lead has moved since you opened the page. This is how it stands now.")


class OfferOver(Refused):
    """The offer is answered, withdrawn, or its time is over."""

    sentence = _("This offer is over, so it can no longer be answered.")


def locked(lead: Lead) -> Lead:
    """Re-read the row FOR UPDATE, so that every later check sees the truth. Raises Busy."""
    locks.row_timeout()
    try:
        return Lead.objects.select_for_update().get(pk=lead.pk)
    except OperationalError as error:
        raise Busy from error


def same_version(row: Lead, version: int | None) -> None:
    """Raise ChangedMeanwhile unless the row is as the person saw it; None skips the question."""
    if version is not None and row.version != version:
        raise ChangedMeanwhile


def move(row: Lead, action: Action, **values: Any) -> Lead:
    """Make a legal move on a locked row, with the values that come with it. The only writer of `state`.

    Raises InvalidTransition.
    """
    before = State(row.state)
    row.change(state=transitions.target(before, action), version=row.version + 1, **values)
    return row


def settle(offer: Offer, action: Action, **values: Any) -> bool:
    """Move an offer on with one conditional UPDATE; return whether it was ours to move.

    Of several that try at the same instant exactly one gets True. An offer is accepted and declined
    before its time is over, and times out after it.
    """
    now = clock.now()
    origin = next(state for state, known in transitions.OFFERS if known == action)
    rows = Offer.objects.filter(pk=offer.pk, state=origin)
    if action in {Action.ACCEPT, Action.DECLINE}:
        rows = rows.filter(expires_at__gt=now)
    if action == Action.TIME_OUT:
        rows = rows.filter(expires_at__lte=now)
    target: OfferState = transitions.OFFERS[origin, action]
    won = rows.update(state=target, answered_at=now, updated_at=now, **values) == 1
    if won:
        offer.refresh_from_db()
    return won


def record(
    code: str,
    row: Lead,
    *,
    actor: User | None,
    data: dict[str, Any] | None = None,
    private: dict[str, Any] | None = None,
) -> events.Event:
    """Record one event of a lead."""
    return events.record(
        f"lead.{code}", target=row, actor=actor, data=data or {}, private=private or {}
    )
