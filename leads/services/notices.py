"""Whom a lead's life is told to. No text here names the customer or its people before acceptance.

Mails and notices outlive an offer; what they say must be fit to stay with somebody who declines.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from leads.distribution import Result
from leads.enums import Outcome, Rating, Reason
from leads.models import Distribution, Lead, Offer
from notifications import services as notifications
from notifications.services import Address
from prm import links
from prm.access import Role
from prm.countries import name_of
from users.models import User

ACCEPT = "leads.accept"
DECLINE = "leads.decline"
AFTER = timedelta(days=14)
"""How long a link shows how things stand after the offer's time is over."""


def offered(offer: Offer) -> None:
    """Offer a lead to its seller, at once, with links that answer; nothing of it names the customer."""
    lead = offer.lead
    _seller(
        "offer",
        offer,
        expires_at=offer.expires_at,
        country=_spelt(lambda: name_of(lead.country)),
        products=_spelt(lambda: ", ".join(line.label for line in lead.product_lines.all())),
        hot=lead.rating == Rating.HOT,
        worth=lead.money,
        links={name: str(_link(offer, purpose)) for name, purpose in _ANSWERS.items()},
    )


_ANSWERS = {"accept": ACCEPT, "decline": DECLINE}


def _spelt(write: Callable[[], str]) -> Any:
    """Return a text that is written in the language of whoever is told."""
    later: Any = lazy(write, str)
    return later()


def over(offer: Offer) -> None:
    """An offer is answered: a mail about it that has not left need not leave."""
    notifications.supersede(reason="answered", subject=offer, kinds=["leads.offer"])


def timed_out(offer: Offer) -> None:
    """The time to answer is over."""
    over(offer)
    _seller("timed_out", offer, expires_at=offer.expires_at)


def withdrawn(offer: Offer) -> None:
    """The vendor has taken the offer back."""
    over(offer)
    _seller("withdrawn", offer)


def taken_back(offer: Offer) -> None:
    """The vendor has taken an accepted lead back."""
    _seller("taken_back", offer, note=offer.note)


def accepted(offer: Offer) -> None:
    """Tell the partner's channel manager who took it, and the seller where the contact is."""
    lead = offer.lead
    lead.refresh_from_db()
    _seller("accepted", offer, contact_by=lead.contact_by)
    manager = offer.partner.manager
    if manager is not None and manager.is_active:
        _staff("taken", lead, [manager], str(offer.uid), partner=offer.partner.name)


def contact_due(offer: Offer) -> None:
    """The first contact is overdue."""
    _seller("contact_due", offer, contact_by=offer.lead.contact_by)


def convert_due(offer: Offer) -> None:
    """It should have become a deal by now."""
    _seller("convert_due", offer, accepted_at=offer.lead.accepted_at)


def nobody(lead: Lead, made: Distribution, result: Result) -> None:
    """Nobody can get the lead: channel managers are told how many partners fail for which reason."""
    counted = Counter(line.reasons[0] for line in result.lines if line.outcome == Outcome.EXCLUDED)
    reasons = [{"reason": Reason(r).label, "count": n} for r, n in counted.most_common()]
    people = User.objects.get_queryset().holding(Role.CHANNEL_MANAGER).order_by("pk")
    _staff("nobody", lead, people, str(made.number), reasons=reasons)


def _seller(kind: str, offer: Offer, **context: Any) -> None:
    """Tell the seller about an offer, which is called by its reference only."""
    _tell(
        kind,
        offer,
        [offer.seller],
        f"leads.{kind}:{offer.uid}",
        _("You take leads for your organisation."),
        title=offer.reference,
        reference=offer.reference,
        page=reverse("leads:offer", args=[offer.reference]),
        **context,
    )


def _staff(kind: str, lead: Lead, people: Iterable[User], key: str, **context: Any) -> None:
    _tell(
        kind,
        lead,
        people,
        f"leads.{kind}:{lead.uid}:{key}",
        _("You distribute leads."),
        title=lead.company_name,
        reference=lead.reference,
        company=lead.company_name,
        page=reverse("leads:manage-detail", args=[lead.reference]),
        **context,
    )


def _tell(
    kind: str,
    subject: Lead | Offer,
    people: Iterable[User | Address],
    key: str,
    reason: Any,
    title: str,
    **context: Any,
) -> None:
    notifications.notify(
        f"leads.{kind}",
        recipients=people,
        subject=subject,
        key=key,
        context=context,
        reason=reason,
        title=title,
    )


def _link(offer: Offer, purpose: str) -> Any:
    return links.create(
        purpose,
        subject=offer.uid,
        expires_at=offer.expires_at + AFTER,
        recipient_uid=offer.seller.uid,
        email=offer.seller.email,
    ).uid
