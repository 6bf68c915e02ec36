"""What an agent does: enter a lead, qualify it, or say why it goes nowhere."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from catalog.models import ProductLine, Skill
from companies import services as companies
from leads import engagement, policies, selectors
from leads.enums import Action, Check, DisqualifyCode, Rating, State
from leads.models import Lead
from leads.services.core import Refused, locked, move, record, same_version
from prm import clock, due, portal
from prm.access import require
from prm.reference import new_reference
from registrations.selectors import place_of
from users.models import User

FIELDS = frozenset(
    {
        "company_name",
        "website",
        "country",
        "contact_name",
        "contact_email",
        "contact_phone",
        "address",
        "need",
        "value",
        "currency",
        "source",
        "consent",
    }
)


class Incomplete(Refused):
    """Something that a lead needs is missing."""

    sentence = _("Something is still missing. Fill in what is marked and send it again.")


class NoNeed(Refused):
    """A lead without a need is not handed out."""

    sentence = _("A lead needs at least a need that we can meet. Otherwise disqualify it.")


@transaction.atomic
def start_lead(token: uuid.UUID, *, actor: User) -> Lead:
    """Return the lead that a form's token stands for, made if it is new.

    The same form sent twice is one lead. A token of somebody else's lead raises PermissionDenied.
    """
    require(policies.can_enter(actor))
    lead = Lead(
        token=token,
        reference=new_reference("L"),
        agent=actor,
        currency=portal.current().currency,
    )
    made = Lead.objects.bulk_create([lead], ignore_conflicts=True)
    found = Lead.objects.get(token=token)
    require(found.agent_id == actor.pk)
    if found.uid == made[0].uid:
        record("started", found, actor=actor)
    return found


@transaction.atomic
def save_lead(
    lead: Lead,
    values: dict[str, Any],
    *,
    actor: User,
    product_lines: Iterable[ProductLine] | None = None,
    skills: Iterable[Skill] | None = None,
) -> Lead:
    """Write the given fields of a lead that is not qualified yet; what is not given stays.

    One that has moved on meanwhile is left alone and returned as it is. Raises PermissionDenied.
    """
    row = locked(lead)
    require(policies.can_enter(actor) and row.agent_id == actor.pk)
    if not policies.can_edit(actor, row):
        return row
    known = {name: value for name, value in values.items() if name in FIELDS}
    if "country" in known:
        known["place"] = place_of(known["country"])
    row.change(**known)
    if product_lines is not None:
        row.product_lines.set(product_lines)
    if skills is not None:
        row.skills.set(skills)
    return row


@transaction.atomic
def begin_qualifying(lead: Lead, *, actor: User) -> Lead:
    """A lead is entered and can be qualified; from now on the vendor's staff see it.

    Doing it again changes nothing. Raises PermissionDenied, Incomplete.
    """
    row = locked(lead)
    require(policies.can_enter(actor) and row.agent_id == actor.pk)
    if row.state != State.NEW:
        return row
    if selectors.missing_fields(row):
        raise Incomplete
    move(row, Action.BEGIN)
    record(
        "entered",
        row,
        actor=actor,
        data={"country": row.country},
        private={"company_name": row.company_name, "source": row.source, "consent": row.consent},
    )
    return row


@transaction.atomic
def qualify_lead(
    lead: Lead,
    *,
    checks: Iterable[Check],
    rating: Rating,
    actor: User,
    version: int | None = None,
) -> Lead:
    """Qualify a lead: its customer is identified, and it waits to be distributed.

    Where the rules say so it is distributed at once. Qualifying twice changes nothing. Raises
    PermissionDenied, ChangedMeanwhile, InvalidTransition, Incomplete, NoNeed, Busy.
    """
    lead = Lead.objects.get(pk=lead.pk)
    require(policies.can_enter(actor) and lead.agent_id == actor.pk)
    if lead.state == State.QUALIFIED:
        return lead
    if selectors.missing_fields(lead):
        raise Incomplete
    company = companies.identify(  # takes the company's locks, so it comes before the row's
        name=lead.company_name, domain=lead.website, country=lead.country, actor=actor
    )
    row = locked(lead)
    same_version(row, version)
    answered = [check.value for check in Check if check in set(checks)]
    if Check.NEED not in answered:
        raise NoNeed
    move(
        row,
        Action.QUALIFY,
        company=company,
        checks=answered,
        rating=rating,
        qualified_at=clock.now(),
    )
    record(
        "qualified",
        row,
        actor=actor,
        data={"score": row.score, "rating": str(rating)},
    )
    version_now = engagement.version_in_force()
    if engagement.terms_for(row, version_now).at_once:
        hand_on(row)
    return row


@transaction.atomic
def disqualify_lead(
    lead: Lead, code: DisqualifyCode, *, actor: User, version: int | None = None
) -> Lead:
    """Say that a lead goes nowhere, and why: its agent before, a distributor after it was qualified.

    Raises PermissionDenied, ChangedMeanwhile, InvalidTransition.
    """
    row = locked(lead)
    require(policies.can_edit(actor, row) or policies.can_distribute(actor))
    same_version(row, version)
    due.cancel_subject(str(row.uid))
    move(row, Action.DISQUALIFY, disqualify_code=code, closed_at=clock.now())
    record("disqualified", row, actor=actor, data={"code": str(code)})
    return row


@transaction.atomic
def discard_lead(lead: Lead, *, actor: User) -> None:
    """Delete a lead that was only begun. Raises PermissionDenied for anything else."""
    row = locked(lead)
    require(policies.can_edit(actor, row) and row.state == State.NEW)
    record("discarded", row, actor=actor)
    row.delete()


def hand_on(row: Lead) -> None:
    """Ask for a lead to be distributed as soon as its transaction is over; by the due rows' tick."""
    due.schedule("leads.next", str(row.uid), clock.now(), subject=str(row.uid))
