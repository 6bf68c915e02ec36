"""What happens when a lead's due rows come up. Registered when the app starts."""

from datetime import datetime

from leads import services
from leads.enums import OfferState, State
from leads.models import Lead, Offer
from leads.selectors import current_offer
from leads.services import notices
from leads.services.core import record
from prm import due
from prm.due.models import DueRow


@due.handler("leads.offer-end")
def offer_end(row: DueRow) -> datetime | None:
    """An offer's time is over: it ends, and its lead goes to the next."""
    offer = (
        Offer.objects.filter(uid=row.key, state=OfferState.OFFERED)
        .select_related("lead", "partner", "seller")
        .first()
    )
    if offer is not None:
        services.time_out(offer)
    return None


@due.handler("leads.next")
def hand_on(row: DueRow) -> datetime | None:
    """A lead waits for its next partner."""
    lead = Lead.objects.filter(uid=row.subject, state=State.QUALIFIED).first()
    if lead is not None:
        services.distribute_lead(lead, actor=None)
    return None


@due.handler("leads.contact-end")
def contact_end(row: DueRow) -> datetime | None:
    """The customer should have heard from somebody by now."""
    lead = Lead.objects.filter(uid=row.subject, state=State.ACCEPTED).first()
    offer = current_offer(lead) if lead else None
    if lead is not None and offer is not None:
        record("contact-overdue", lead, actor=None)
        notices.contact_due(offer)
    return None


@due.handler("leads.convert-end")
def convert_end(row: DueRow) -> datetime | None:
    """It should have become a deal by now."""
    states = (State.ACCEPTED, State.CONTACTED, State.WORKING)
    lead = Lead.objects.filter(uid=row.subject, state__in=states).first()
    offer = current_offer(lead) if lead else None
    if lead is not None and offer is not None:
        record("deal-overdue", lead, actor=None)
        notices.convert_due(offer)
    return None
