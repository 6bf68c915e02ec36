"""What becomes of an accepted lead: contacted, a deal, lost, or taken back by the vendor."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from leads import policies
from leads.enums import Action, LostCode, OfferState, State
from leads.models import Lead, Offer
from leads.services import notices
from leads.services.core import OfferOver, Refused, locked, move, record, same_version, settle
from prm import clock, due
from prm.access import require
from registrations import services as registrations
from registrations.enums import CloseCode
from registrations.enums import State as DealState
from registrations.models import Registration
from users.models import User


@transaction.atomic
def mark_contacted(offer: Offer, *, actor: User) -> Lead:
    """Note that the customer was contacted. Doing it again changes nothing.

    Raises PermissionDenied, OfferOver, InvalidTransition, Busy.
    """
    row = _held(offer, actor)
    if row.state in {State.CONTACTED, State.WORKING}:
        return row
    move(row, Action.CONTACT, contacted_at=clock.now())
    due.cancel("leads.contact-end", str(row.uid))
    record("contacted", row, actor=actor, data={"offer": offer.reference})
    return row


@transaction.atomic
def make_deal(offer: Offer, *, actor: User) -> Registration:
    """Turn an accepted lead into a draft of a deal with everything that is known; nothing is retyped.

    Clicked twice it is one draft. Raises PermissionDenied, OfferOver, InvalidTransition, Busy.
    """
    require(policies.can_answer(actor, offer))
    draft = registrations.start_draft(offer.uid, actor=actor)  # its row is locked before the lead's
    if draft.state != DealState.DRAFT:
        return draft
    row = _held(offer, actor)
    if row.registration_id == draft.pk:
        return draft
    draft = registrations.save_draft(
        draft, _as_deal(row), actor=actor, product_lines=row.product_lines.all()
    )
    move(
        row,
        Action.WORK,
        registration=draft,
        contacted_at=row.contacted_at or clock.now(),
    )
    due.cancel("leads.contact-end", str(row.uid))
    record("made-deal", row, actor=actor, data={"registration": draft.reference})
    return draft


def _as_deal(row: Lead) -> dict[str, Any]:
    """Return a lead's fields as a deal has them; the telephone number goes into its text."""
    phone = _("Telephone: %(number)s") % {"number": row.contact_phone} if row.contact_phone else ""
    values: dict[str, Any] = {
        "company_name": row.company_name,
        "website": row.website,
        "country": row.country,
        "contact_name": row.contact_name,
        "contact_email": row.contact_email,
        "description": "\n\n".join(part for part in (row.need, phone) if part)[:2_000],
        "stage": "QUALIFIED",
    }
    if row.value is not None:
        values |= {"value": row.value, "currency": row.currency}
    return values


@transaction.atomic
def lose_lead(offer: Offer, code: LostCode, *, actor: User, version: int | None = None) -> Lead:
    """Say that an accepted lead came to nothing; its draft, if there is one, stays the partner's.

    Raises PermissionDenied, OfferOver, ChangedMeanwhile, InvalidTransition, Busy.
    """
    row = _held(offer, actor)
    same_version(row, version)
    if row.state == State.CONVERTED:
        raise Refused(_("This lead is a deal now. Close the deal instead."))
    _close(row, Action.LOSE, lost_code=code)
    record("lost", row, actor=actor, data={"code": str(code), "offer": offer.reference})
    return row


@transaction.atomic
def take_back(lead: Lead, *, reason: str, actor: User, version: int | None = None) -> Lead:
    """Take an accepted lead back from its partner: contact data goes, from a draft of a deal too.

    The lead is qualified again and waits for a person. Raises PermissionDenied, ChangedMeanwhile,
    InvalidTransition, OfferOver, Refused, Busy.
    """
    require(policies.can_distribute(actor))
    if not reason.strip():
        raise Refused(_("Say why, in a few words. The partner reads it."))
    lead.refresh_from_db()
    if lead.registration is not None:  # locked before the lead, as everywhere
        registrations.forget_contact(lead.registration, actor=actor)
    row = locked(lead)
    same_version(row, version)
    move(row, Action.TAKE_BACK, partner=None, seller=None, registration=None, **_UNTOUCHED)
    offer = Offer.objects.filter(lead=row, state=OfferState.ACCEPTED).first()
    if offer is None or not settle(offer, Action.TAKE_BACK, note=reason.strip()[:1_000]):
        raise OfferOver
    due.cancel_subject(str(row.uid))
    record(
        "taken-back",
        row,
        actor=actor,
        data={"offer": offer.reference, "partner": offer.partner.reference},
        private={"partner": offer.partner.name, "reason": reason},
    )
    notices.taken_back(offer)
    return row


_UNTOUCHED: dict[str, Any] = {
    "accepted_at": None,
    "contact_by": None,
    "convert_by": None,
    "contacted_at": None,
}


@transaction.atomic
def follow_submitted(registration: Registration, *, actor: User | None) -> None:
    """A deal is registered: the lead it was made of is converted. Called by `registrations`."""
    row = _behind(registration)
    if row is not None and row.state == State.WORKING:
        move(row, Action.CONVERT)
        due.cancel_subject(str(row.uid))
        record("converted", row, actor=actor, data={"registration": registration.reference})


@transaction.atomic
def follow_discarded(registration: Registration, *, actor: User | None) -> None:
    """A draft is deleted: its lead is a contacted one again. Called by `registrations`."""
    row = _behind(registration)
    if row is not None and row.state == State.WORKING:
        move(row, Action.UNDO_WORK, registration=None)
        record("gave-up-deal", row, actor=actor, data={"registration": registration.reference})


@transaction.atomic
def follow_closed(registration: Registration, *, actor: User | None) -> None:
    """A deal is won or lost, and so is the lead it was made of. Called by `registrations`."""
    row = _behind(registration)
    if row is None or row.state != State.CONVERTED:
        return
    won = registration.close_code == CloseCode.WON
    if not won and registration.close_code != CloseCode.LOST:
        return
    lost = {} if won else {"lost_code": LostCode.OTHER}
    _close(row, Action.WIN if won else Action.LOSE, **lost)
    record(
        "won" if won else "lost", row, actor=actor, data={"registration": registration.reference}
    )


def _behind(registration: Registration) -> Lead | None:
    lead = Lead.objects.filter(registration=registration).first()
    return locked(lead) if lead else None


def _held(offer: Offer, actor: User) -> Lead:
    """Lock the lead of an accepted offer of the actor's partner. Raises PermissionDenied, OfferOver."""
    require(policies.can_answer(actor, offer))
    row = locked(offer.lead)
    offer.refresh_from_db()
    if not offer.is_held:
        raise OfferOver
    return row


def _close(row: Lead, action: Action, **values: Any) -> None:
    move(row, action, closed_at=clock.now(), **values)
    due.cancel_subject(str(row.uid))
