"""What the rules of engagement approve by themselves, once everything has been looked at."""

from django.db import transaction

from companies import matching
from companies import services as company_services
from companies.enums import Standing
from companies.selectors import lock_keys
from prm import locks
from registrations import engagement, selectors
from registrations.enums import Eligibility, State
from registrations.models import Registration
from registrations.services.core import locked
from registrations.services.decisions import approve_as_ruled
from registrations.services.protections import CustomerAlreadyProtected


@transaction.atomic
def approve_if_ruled(registration: Registration) -> bool:
    """Approve a registration that nobody has taken, if its rules say so and nothing is in the way.

    In the way are open conflicts, a protection, a rule that wants a person to agree, and a customer
    that nobody has confirmed and that resembles another company. Called after the second look, so that
    near names and partial answers have been followed up. Returns whether it was approved. Raises Busy.
    """
    assert registration.company is not None
    locks.hold(*lock_keys(registration.company))
    row = locked(registration)
    if row.state != State.SUBMITTED or not _is_ruled(row) or not _is_known(row):
        return False
    try:
        with transaction.atomic():
            approve_as_ruled(row)
    except CustomerAlreadyProtected:
        return False
    return True


def _is_ruled(row: Registration) -> bool:
    terms = engagement.terms_for(row)
    if not terms.auto_approve or terms.eligibility != Eligibility.ELIGIBLE:
        return False
    return not row.conflicts.filter(settled_at=None).exists()


def _is_known(row: Registration) -> bool:
    """Whether the customer is confirmed; one that resembles no other is confirmed by the rule."""
    assert row.company is not None
    if row.company.standing == Standing.CONFIRMED:
        return True
    answer = matching.look_up(selectors.query_of(row, besides=row.company.pk), patient=True)
    if answer.matches or answer.partial:
        return False
    row.company = company_services.confirm_as_ruled(row.company)
    return True
