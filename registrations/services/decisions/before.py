"""What comes before a decision: somebody takes the case or is given it, and says who the customer is."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from companies import services as company_services
from companies.models import Company
from prm import clock, portal
from prm.access import require
from registrations import policies, selectors
from registrations.enums import WAITING_STATES, State
from registrations.models import Registration
from registrations.services import conflicts, notices, ruling
from registrations.services.core import Refused, locked, record
from registrations.services.decisions.shared import checked, taken
from users.models import User


class NotWaiting(Refused):
    """Only what waits for a decision has a reviewer to change."""

    sentence = _("This deal no longer waits for a decision, so nobody has to review it.")


class NoReferee(Refused):
    """The person does not decide registrations, or not this one."""

    sentence = _("This person may not decide this deal. Choose somebody else.")


@transaction.atomic
def take_registration(
    registration: Registration, *, actor: User, version: int | None = None
) -> Registration:
    """Make the actor its reviewer and put it in review.

    Raises PermissionDenied, ChangedMeanwhile, Busy.
    """
    row = checked(locked(registration), actor, version)
    if row.state == State.SUBMITTED:
        return taken(row, actor)
    if row.reviewer_id != actor.pk:
        row.change(reviewer=actor, version=row.version + 1)
        record("taken", row, actor=actor)
    return row


@transaction.atomic
def assign_registration(
    registration: Registration, to: User, *, actor: User, version: int | None = None
) -> Registration:
    """Give a waiting registration to another referee, who is told; its state stays.

    While that person is away, whoever stands in gets it. Raises PermissionDenied, ChangedMeanwhile,
    NotWaiting, NoReferee, Busy.
    """
    row = checked(locked(registration), actor, version)
    if row.state not in WAITING_STATES:
        raise NotWaiting
    to = selectors.reviewer_on_duty(to, clock.today(portal.zone())) or to
    if not to.is_active or not policies.can_decide(to, row):
        raise NoReferee
    if row.reviewer_id != to.pk:
        row.change(reviewer=to, version=row.version + 1)
        record("assigned", row, actor=actor, data={"to": str(to.uid)})
        if to.pk != actor.pk:
            notices.assigned(row, to, by=actor)
    return row


@transaction.atomic
def confirm_customer(
    registration: Registration, company: Company | None, *, actor: User
) -> Registration:
    """Say who the customer is: the company it points to, or another one that it is merged into.

    What the registration collides with is looked at again. Raises PermissionDenied, MergeRefused, Busy.
    """
    require(policies.can_decide(actor, registration))
    own = registration.company
    assert own is not None
    if company is None or company.pk == own.pk:
        company_services.confirm_company(own, actor=actor)
    else:
        company_services.confirm_as(own, company, actor=actor)
    row = locked(registration)
    record("customer-confirmed", row, actor=actor, data={"company": str(row.company.uid)})  # type: ignore[union-attr]
    if row.state in {State.SUBMITTED, State.IN_REVIEW, State.ACTION_REQUIRED}:
        conflicts.flag(row)
        ruling.judge_again(row)
    return row
