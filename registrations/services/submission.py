"""A draft becomes a registration: its customer is identified, its conflicts are flagged."""

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from companies import selectors as company_selectors
from companies import services as company_services
from partners import gates
from prm import clock, due, events, locks
from prm.access import require
from registrations import engagement, policies, registry, selectors
from registrations.enums import Action, State
from registrations.models import Registration
from registrations.services import conflicts, notices, protections, ruling
from registrations.services.core import (
    Refused,
    for_whom,
    locked,
    move,
    next_ledger_number,
    record,
    same_version,
)
from registrations.services.drafts import refuse_no_seller
from users.models import User


class Incomplete(Refused):
    """Something that a registration needs is missing."""

    sentence = _("Something is still missing. Fill in what is marked and send it again.")


class GateClosed(Refused):
    """Registering is closed to the partner; `reasons` say why and where it is mended."""

    def __init__(self, reasons: tuple[gates.Reason, ...]) -> None:
        why = " ".join(str(reason.sentence) for reason in reasons)
        super().__init__(gettext("Registering deals is closed: %(why)s") % {"why": why})
        self.reasons = reasons


@transaction.atomic
def submit_registration(
    registration: Registration, *, actor: User, version: int | None = None
) -> Registration:
    """Submit a draft: link it to a company, number it, flag what it collides with, send the receipt.

    Submissions of the same customer are serialised by the company's locks, so two rivals cannot miss
    each other; near names that share no lock are looked at again right after the commit. What the
    rules of engagement in force make of it is decided here, once, and kept with it. The same form
    sent twice submits once. Raises PermissionDenied, GateClosed, Incomplete, LimitReached,
    NotEligible, ChangedMeanwhile, Busy.

    Whoever of the staff began it for the partner may send it, for a person who still sells there
    (NoSellerThere); if the partner sends it itself, it is the partner's own and nobody else's.
    """
    locks.hold(*company_selectors.lock_keys(selectors.query_of(registration)))
    row = locked(registration)
    require(policies.can_fill_in(actor, row))
    if row.state != State.DRAFT:
        return row
    same_version(row, version)
    _refuse_unfit(row)
    if row.registered_by_id == actor.pk:
        refuse_no_seller(row.owner)
    else:
        row.registered_by = None
    due.cancel_subject(str(row.uid))  # what was planned for the draft
    _identify(row, actor)
    conflicts.flag(row)
    ruling.judge(row)
    _announce(row, actor)
    registry.submitted(row, actor=actor)
    return row


def _identify(row: Registration, actor: User) -> None:
    """Find out who the customer is and give the registration its number and its scope there."""
    now, version = clock.now(), engagement.version_in_force()
    company = company_services.identify(
        name=row.company_name,
        domain=row.website,
        country=row.country,
        numbers=selectors.numbers_of(row),
        actor=actor,
    )
    protections.settle_company(company.pk)
    row.company = company
    facts = {
        "contact_days": engagement.days_since(company.contacted_on),
        "home_value": selectors.home_value(row),
    }
    move(
        row,
        Action.SUBMIT,
        actor=actor,
        company=company,
        ledger_number=next_ledger_number(),
        submitted_at=now,
        touched_at=now,
        rules=version,
        registered_by=row.registered_by,
        exclusivity=ruling.exclusivity_of(row, version),
        **facts,
    )


def _refuse_unfit(row: Registration) -> None:
    """Raise GateClosed while terms are missing, Incomplete while a field is."""
    closed = gates.reasons_closed(gates.Gate.REGISTRATION, row.partner)
    if closed:
        raise GateClosed(closed)
    if selectors.missing_fields(row):
        raise Incomplete


def _announce(row: Registration, actor: User) -> None:
    """Record the submission with its receipt, tell both sides, and plan the second look."""
    event = record(
        "submitted",
        row,
        actor=actor,
        data={
            "number": row.ledger_number,
            "rules": row.rules.number if row.rules else 0,
            **for_whom(row),
        },
        private={
            "company_name": row.company_name,
            "website": row.website,
            "country": row.country,
            "value": str(row.value),
            "currency": row.currency,
        },
    )
    notices.received(row, receipt=events.digest_now(event))
    notices.arrived(row)
    due.schedule("registrations.second-look", str(row.uid), clock.now(), subject=str(row.uid))
