"""Approve jointly: one protection with several holders, whose shares make 100."""

import uuid

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from psycopg.types.range import TimestamptzRange

from companies.selectors import lock_keys
from prm import clock, locks
from registrations import selectors
from registrations.conflicts import Scope
from registrations.enums import WAITING_STATES, State
from registrations.fields import as_ids, ids
from registrations.models import Protection, ProtectionHolder, Registration
from registrations.services import protections
from registrations.services.core import Refused, locked
from registrations.services.decisions.approving import follow_up, grant
from registrations.services.decisions.shared import (
    UnsettledConflicts,
    checked,
    confirmed,
    remember,
    taken,
)
from users.models import User

WHOLE = 100


class CannotBeJoint(Refused):
    """The two deals cannot share one protection; the sentence says why."""

    sentence = _("These two deals cannot be approved together.")


NOT_THERE = _("The other deal must be at the same customer.")
ONE_PARTNER = _(
    "Both are deals of one partner: approve one, and decline the other as its duplicate."
)
APART = _("Their product lines or places do not meet, so each can be approved on its own.")
TOO_SMALL = _(
    "The other deal’s protection does not cover all of this one. Split this deal, or put it in line."
)
OVER = _("The other deal must be under review or approved.")
SHARE = _("A share is between 1 and 99: the two make 100.")


@transaction.atomic
def approve_jointly(
    registration: Registration,
    other: Registration,
    *,
    actor: User,
    share: int,
    note: str = "",
    overrule: bool = False,
    version: int | None = None,
) -> Registration:
    """Approve a registration together with another partner's at the same customer.

    `share` is this one's, out of 100. Joins the other's protection if it covers this scope; while both
    are undecided, both are approved and hold one protection of all that they claim. Both can be taken
    back while they are held, as one. Neither partner learns of the other. Raises PermissionDenied,
    ChangedMeanwhile, InvalidTransition, CustomerNotConfirmed, UnsettledConflicts, CannotBeJoint,
    CustomerAlreadyProtected, Busy.
    """
    assert registration.company is not None
    locks.hold(*lock_keys(registration.company))
    rows = {pk: locked(Registration(pk=pk)) for pk in sorted({registration.pk, other.pk})}
    row, beside = rows[registration.pk], rows[other.pk]
    checked(row, actor, version)
    _fitting(row, beside, share)
    assert row.company_id is not None
    protections.settle_company(row.company_id)
    beside.refresh_from_db()
    _conflicts_settled(row, beside, overrule)
    if beside.state == State.APPROVED:
        return _join(_ready(row, actor), beside, actor, share, note)
    if beside.state not in WAITING_STATES:
        raise CannotBeJoint(OVER)
    checked(beside, actor, None)
    return _both(_ready(row, actor), _ready(beside, actor), actor, share, note)


def _fitting(row: Registration, beside: Registration, share: int) -> None:
    if row.pk == beside.pk or row.company_id != beside.company_id:
        raise CannotBeJoint(NOT_THERE)
    if row.partner_id == beside.partner_id:
        raise CannotBeJoint(ONE_PARTNER)
    if not selectors.scope_of(row).overlaps(selectors.scope_of(beside)):
        raise CannotBeJoint(APART)
    if not 1 <= share < WHOLE:
        raise CannotBeJoint(SHARE)


def _conflicts_settled(row: Registration, beside: Registration, overrule: bool) -> None:
    """The two may collide with each other; whatever else is open must be overruled."""
    pair = [row, beside] if beside.state in WAITING_STATES else [row]
    for one, other in zip(pair, (beside, row), strict=False):
        open_ = one.conflicts.filter(settled_at=None).exclude(other=other)
        if open_.exists() and not overrule:
            raise UnsettledConflicts


def _ready(row: Registration, actor: User) -> Registration:
    return confirmed(taken(row, actor))


def _join(
    row: Registration, beside: Registration, actor: User, share: int, note: str
) -> Registration:
    """Take a share of the protection that the other holds already."""
    now = clock.now()
    holding = (
        ProtectionHolder.objects.select_for_update(of=("self",))
        .select_related("protection")
        .filter(registration=beside, protection__period__contains=now, ended_at=None)
        .first()
    )
    if holding is None or not _covers(holding.protection, selectors.scope_of(row)):
        raise CannotBeJoint(TOO_SMALL)
    memory = remember(row)
    grant(row, actor, note, now)
    protection = holding.protection
    before = list(protection.holders.filter(ended_at=None).order_by("pk"))
    holder = ProtectionHolder.objects.create(
        protection=protection, registration=row, partner_id=row.partner_id, share=share
    )
    for one, left in zip(before, _shares([h.share for h in before], WHOLE - share), strict=True):
        ProtectionHolder.objects.filter(pk=one.pk).update(share=left)
    joined = {"holder": holder.pk, "shares": [[one.pk, one.share] for one in before]}
    follow_up(row, memory, protection, actor, joined=joined, beside=str(beside.uid))
    return row


def _both(
    row: Registration, beside: Registration, actor: User, share: int, note: str
) -> Registration:
    """Approve both, with one protection of the union of what they claim."""
    memories = {each.pk: remember(each) for each in (row, beside)}
    start, end = max((protections.period_for(each) for each in (row, beside)), key=lambda p: p[1])
    for each in (row, beside):
        grant(each, actor, note if each is row else "", start)
    assert row.company_id is not None
    scope = _union(selectors.scope_of(row), selectors.scope_of(beside))
    wanted = Protection(
        company_id=row.company_id,
        products=ids(scope.products),
        places=ids(scope.places),
        period=TimestamptzRange(start, end),
    )
    Protection.objects.bulk_create([wanted], ignore_conflicts=True)
    protection = Protection.objects.filter(uid=wanted.uid).first()
    if protection is None:
        raise protections.CustomerAlreadyProtected
    group = str(uuid.uuid4())
    for each, part, other in ((row, share, beside), (beside, WHOLE - share, row)):
        ProtectionHolder.objects.create(
            protection=protection, registration=each, partner_id=each.partner_id, share=part
        )
        follow_up(each, memories[each.pk], protection, actor, group=group, beside=str(other.uid))
    return row


def _covers(protection: Protection, scope: Scope) -> bool:
    """Whether a protection covers a scope whole; no ids means all."""
    return _within(scope.products, as_ids(protection.products)) and _within(
        scope.places, as_ids(protection.places)
    )


def _within(inner: frozenset[int], outer: frozenset[int]) -> bool:
    return not outer or (bool(inner) and inner <= outer)


def _union(one: Scope, other: Scope) -> Scope:
    """Return all that either claims: the lines of both in the places of both."""
    return Scope(
        one.products | other.products if one.products and other.products else frozenset(),
        one.places | other.places if one.places and other.places else frozenset(),
    )


def _shares(before: list[int], rest: int) -> list[int]:
    """Share out what is left in the proportions of before; the largest remainders get the odd ones."""
    whole = sum(before)
    exact = [share * rest / whole for share in before]
    parts = [max(1, int(each)) for each in exact]
    order = sorted(range(len(parts)), key=lambda i: (int(exact[i]) - exact[i], i))
    for i in order[: max(0, rest - sum(parts))]:
        parts[i] += 1
    return parts
