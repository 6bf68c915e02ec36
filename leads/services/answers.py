"""How an offer ends: accepted, declined, timed out, withdrawn. One conditional UPDATE decides."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from leads import distribution, engagement, policies
from leads.distribution import Line
from leads.enums import Action, DeclineCode, Outcome
from leads.models import Distribution, Lead, Offer, Turn
from leads.services import notices
from leads.services.core import DISTRIBUTION, OfferOver, locked, move, record, settle
from leads.services.handing import deadline
from leads.services.intake import hand_on
from partners.selectors import calendar_of
from prm import clock, due, locks
from prm.access import require
from users.models import User

NOBODYS = {"partner": None, "seller": None}


@transaction.atomic
def accept_offer(offer: Offer, *, actor: User) -> Offer:
    """Accept an offer: the lead is this partner's, and its contact data is theirs to see.

    Accepting twice changes nothing; of several answers at the same instant one counts. Raises
    PermissionDenied, OfferOver, Busy.
    """
    require(policies.can_answer(actor, offer))
    row = locked(offer.lead)
    if not settle(offer, Action.ACCEPT):
        return _as_it_was(offer)
    now = clock.now()
    contact_by, convert_by = _next_dates(row, offer, now)
    move(row, Action.ACCEPT, accepted_at=now, contact_by=contact_by, convert_by=convert_by)
    Turn.objects.filter(partner=offer.partner).update(accepted=F("accepted") + 1)
    subject = str(row.uid)
    due.cancel_subject(subject)
    due.schedule("leads.contact-end", subject, contact_by, subject=subject)
    due.schedule("leads.convert-end", subject, convert_by, subject=subject)
    _record("accepted", row, offer, actor)
    notices.over(offer)
    notices.accepted(offer)
    return offer


def _as_it_was(offer: Offer) -> Offer:
    """Somebody has answered already: fine if it was accepted, else the offer is over."""
    offer.refresh_from_db()
    if offer.is_held:
        return offer
    raise OfferOver


@transaction.atomic
def decline_offer(offer: Offer, code: DeclineCode, *, note: str = "", actor: User) -> Offer:
    """Decline an offer: the partner reads the lead no more, and it goes to the next at once.

    Raises PermissionDenied, OfferOver, Busy.
    """
    require(policies.can_answer(actor, offer))
    row = locked(offer.lead)
    if not settle(offer, Action.DECLINE, decline_code=code, note=note.strip()[:1_000]):
        raise OfferOver
    move(row, Action.DECLINE, **NOBODYS)
    words = {"note": offer.note} if offer.note else {}
    _record("declined", row, offer, actor, codes={"code": str(code)}, words=words)
    notices.over(offer)
    _go_on(row)
    return offer


@transaction.atomic
def time_out(offer: Offer) -> bool:
    """The sweep's part: an offer whose time is over ends, and its lead goes to the next.

    Returns whether it ended now; False when somebody was faster or it is too early.
    """
    row = locked(offer.lead)
    if not settle(offer, Action.TIME_OUT):
        return False
    move(row, Action.TIME_OUT, **NOBODYS)
    _record("timed-out", row, offer, None)
    notices.timed_out(offer)
    _go_on(row)
    return True


@transaction.atomic
def withdraw_offer(offer: Offer, *, reason: str, actor: User) -> Offer:
    """Take back an offer before it is answered; it was no turn of anybody's.

    The lead waits for a person: it is not handed on by itself. Raises PermissionDenied, OfferOver,
    Busy.
    """
    require(policies.can_distribute(actor))
    locks.hold(DISTRIBUTION)
    row = locked(offer.lead)
    if not settle(offer, Action.WITHDRAW):
        raise OfferOver
    move(row, Action.WITHDRAW, **NOBODYS)
    _undo(offer.distribution, reason.strip()[:300])
    _record("offer-withdrawn", row, offer, actor, words={"reason": reason})
    due.cancel_subject(str(row.uid))
    notices.withdrawn(offer)
    return offer


def _undo(made: Distribution, reason: str) -> None:
    """Take a distribution's numbers back from every credit."""
    lines = [
        Line(c.partner.reference, Outcome(c.outcome), (), 0, 0, c.credit, 0, c.share, c.after)
        for c in made.candidates.select_related("partner")
    ]
    for key, back in distribution.undo(lines).items():
        Turn.objects.filter(partner__reference=key).update(credit=F("credit") + back)
    Turn.objects.filter(partner=made.chosen).update(given=F("given") - 1)
    Distribution.objects.filter(pk=made.pk).update(undone_at=clock.now(), undone_reason=reason)


def _go_on(row: Lead) -> None:
    due.cancel_subject(str(row.uid))
    hand_on(row)


def _next_dates(row: Lead, offer: Offer, now: datetime) -> tuple[datetime, datetime]:
    """Return by when to contact the customer (the partner's working days) and to make a deal."""
    terms = engagement.terms_for(row, offer.distribution.rules)
    contact_by = deadline(calendar_of(offer.partner), now, terms.contact_days)
    return contact_by, now + timedelta(days=terms.convert_days)


def _record(
    happened: str,
    row: Lead,
    offer: Offer,
    actor: User | None,
    *,
    codes: dict[str, str] | None = None,
    words: dict[str, str] | None = None,
) -> None:
    record(
        happened,
        row,
        actor=actor,
        data={"offer": offer.reference, "partner": offer.partner.reference, **(codes or {})},
        private={"partner": offer.partner.name, **(words or {})},
    )
