"""Drafts: saved from the first field, kept 60 days, one per form whatever is clicked twice."""

import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction

from catalog.models import ProductLine
from partners.selectors import partner_of
from prm import clock, due, portal
from prm.access import require
from prm.due.models import DueRow
from prm.reference import new_reference
from registrations import policies, registry
from registrations.engagement import KEPT_DRAFT_DAYS, WARNED_DRAFT_DAYS
from registrations.enums import State
from registrations.models import Registration
from registrations.selectors import place_of
from registrations.services.core import locked, record
from users.models import User

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


@transaction.atomic
def start_draft(token: uuid.UUID, *, actor: User) -> Registration:
    """Return the draft that a form's token stands for, made if it is new.

    The same form sent twice, or saved while it is sent, is one draft. A token of somebody else's
    draft raises PermissionDenied.
    """
    require(policies.can_register(actor))
    partner = partner_of(actor)
    assert partner is not None
    draft = Registration(
        token=token,
        reference=new_reference("D"),
        partner=partner,
        owner=actor,
        currency=portal.current().currency,
    )
    made = Registration.objects.bulk_create([draft], ignore_conflicts=True)
    found = Registration.objects.get(token=token)
    require(policies.can_work(actor, found))
    if found.uid == made[0].uid:
        record("started", found, actor=actor)
        _keep(found)
    return found


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
    require(policies.can_work(actor, row))
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


def hand_over(registration: Registration, to: User, *, actor: User) -> Registration:
    """Give a draft or registration to a colleague at the same partner. Raises PermissionDenied."""
    with transaction.atomic():
        row = locked(registration)
        require(policies.can_work(actor, row) and policies.can_work(to, row))
        row.change(owner=to)
        record("handed-over", row, actor=actor, data={"to": str(to.uid)})
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
