"""Drafts: saved from the first field, kept 60 days, one per form whatever is clicked twice."""

import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from catalog.models import ProductLine
from partners.selectors import partner_of
from prm import clock, due, portal
from prm.access import require
from prm.due.models import DueRow
from prm.reference import new_reference
from registrations import policies, registry
from registrations.engagement import KEPT_DRAFT_DAYS, WARNED_DRAFT_DAYS
from registrations.enums import UNFINISHED_STATES, State
from registrations.models import Registration
from registrations.selectors import place_of
from registrations.services import working_notices
from registrations.services.core import Refused, for_whom, locked, record
from users.models import User


class NoSellerThere(Refused):
    """The person for whom a deal is registered does not sell for a partner, or not any more."""

    sentence = _("This person does not sell for a partner any more. Choose somebody else.")


class NothingToHandOver(Refused):
    """A deal that is over has nobody who works it."""

    sentence = _("This deal is over, so there is nothing to hand over.")


FIELDS = frozenset(
    {
        "company_name",
        "website",
        "country",
        "site",
        "number_scheme",
        "number",
        "value",
        "currency",
        "expected_close",
        "stage",
        "contact_name",
        "contact_email",
        "competitor",
        "is_tender",
        "description",
    }
)

CORRECTABLE = FIELDS | {"product_lines", "evidence"}
"""What the vendor may open for an answer; nothing else of a sent registration ever changes by one."""


@transaction.atomic
def start_draft(token: uuid.UUID, *, actor: User, for_user: User | None = None) -> Registration:
    """Return the draft that a form's token stands for, made if it is new.

    The same form sent twice, or saved while it is sent, is one draft. Staff begin it `for_user`, who
    owns it; `registered_by` says who began it. A token of somebody else's draft raises
    PermissionDenied; a person who does not sell for a partner NoSellerThere.
    """
    owner = _seller(actor, for_user)
    partner = partner_of(owner)
    assert partner is not None
    draft = Registration(
        token=token,
        reference=new_reference("D"),
        partner=partner,
        owner=owner,
        registered_by=actor if for_user else None,
        currency=portal.current().currency,
    )
    made = Registration.objects.bulk_create([draft], ignore_conflicts=True)
    found = Registration.objects.get(token=token)
    require(policies.can_fill_in(actor, found))
    if found.uid == made[0].uid:
        code = "begun-for-partner" if for_user else "started"
        record(code, found, actor=actor, data=for_whom(found))
        _keep(found)
    return found


def _seller(actor: User, for_user: User | None) -> User:
    """Return whose deal it becomes. Raises PermissionDenied, NoSellerThere."""
    if for_user is None:
        require(policies.can_register(actor))
        return actor
    require(policies.can_register_for_partners(actor))
    refuse_no_seller(for_user)
    return for_user


def refuse_no_seller(user: User) -> None:
    """Raise NoSellerThere unless the person may register deals for a partner now."""
    if not user.is_active or not policies.can_register(user):
        raise NoSellerThere


@transaction.atomic
def save_draft(
    registration: Registration,
    values: dict[str, Any],
    *,
    actor: User,
    product_lines: Iterable[ProductLine] | None = None,
) -> Registration:
    """Write the given fields of a draft; what is not given stays. Raises PermissionDenied.

    A draft that has become a registration meanwhile is left alone and returned as it is.
    """
    row = locked(registration)
    require(policies.can_fill_in(actor, row))
    if not policies.can_edit(actor, row):
        return row
    known = {name: value for name, value in values.items() if name in FIELDS}
    if "country" in known:
        known["place"] = place_of(known["country"])
    row.change(**known)
    if product_lines is not None:
        row.product_lines.set(product_lines)
    _keep(row)
    return row


@transaction.atomic
def discard_draft(registration: Registration, *, actor: User) -> None:
    """Delete a draft with what hangs on it; raises PermissionDenied for anything else."""
    row = locked(registration)
    require(policies.can_edit(actor, row))
    record("discarded", row, actor=actor)
    registry.discarded(row, actor=actor)
    due.cancel_subject(str(row.uid))
    row.delete()


@transaction.atomic
def forget_contact(registration: Registration, *, actor: User) -> None:
    """Take the customer's people, site and description out of a draft: the vendor took its lead back.

    What has been submitted stays as it is. Raises PermissionDenied.
    """
    row = locked(registration)
    require(policies.can_referee(actor))
    if row.state != State.DRAFT:
        return
    row.change(contact_name="", contact_email="", website="", description="")
    record("contact-forgotten", row, actor=actor)


@transaction.atomic
def hand_over(registration: Registration, to: User, *, actor: User) -> Registration:
    """Give a draft or a deal that is not over to a colleague at the same partner, who is told.

    Raises PermissionDenied, NothingToHandOver, Busy. Giving it to whoever has it changes nothing.
    """
    row = locked(registration)
    require(policies.can_work(actor, row) and policies.can_work(to, row) and to.is_active)
    if row.state not in {*UNFINISHED_STATES, State.APPROVED}:
        raise NothingToHandOver
    if row.owner_id == to.pk:
        return row
    before = row.owner
    row.change(owner=to)
    record("handed-over", row, actor=actor, data={"from": str(before.uid), "to": str(to.uid)})
    if row.state == State.DRAFT:
        _keep(row)
    if to.pk != actor.pk:
        working_notices.handed_over(row, by=actor)
    return row


def _keep(row: Registration) -> None:
    """A draft lives 60 days from its last change; its owner hears of it a week before."""
    now, subject = clock.now(), str(row.uid)
    ends = {
        "registrations.draft-warning": WARNED_DRAFT_DAYS,
        "registrations.draft-end": KEPT_DRAFT_DAYS,
    }
    due.schedule_all(
        DueRow(kind=kind, key=subject, subject=subject, due_at=now + timedelta(days=days))
        for kind, days in ends.items()
    )
