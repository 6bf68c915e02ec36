"""Protections: taken, cut, ended by their own time; and who is next when a scope frees up."""

from collections.abc import Mapping
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _
from psycopg.types.range import TimestamptzRange

from companies.selectors import lock_keys
from prm import clock, due, locks
from prm.due.models import DueRow
from registrations import engagement, registry, selectors
from registrations.enums import Action, CloseCode, State
from registrations.fields import ids
from registrations.models import Protection, ProtectionHolder, Registration
from registrations.services import conflicts, notices
from registrations.services.core import (
    Refused,
    decision_due,
    end_of_protection,
    locked,
    move,
    record,
)
from users.models import User


class CustomerAlreadyProtected(Refused):
    """The database has decided: somebody else holds part of this scope now."""

    sentence = _(
        "This customer is protected for another partner in this scope. Put the deal in line."
    )


def protect(row: Registration, start: datetime, end: datetime) -> Protection:
    """Take the registration's scope from `start` until `end`; the exclusion constraint decides.

    Inserted with ON CONFLICT DO NOTHING and read back: contenders neither deadlock nor see an error
    of the database. Raises CustomerAlreadyProtected.
    """
    assert row.company_id is not None
    scope = selectors.scope_of(row)
    wanted = Protection(
        company_id=row.company_id,
        products=ids(scope.products),
        places=ids(scope.places),
        period=TimestamptzRange(start, end),
    )
    Protection.objects.bulk_create([wanted], ignore_conflicts=True)
    taken = Protection.objects.filter(uid=wanted.uid).first()
    if taken is None:
        raise CustomerAlreadyProtected
    ProtectionHolder.objects.create(protection=taken, registration=row, partner_id=row.partner_id)
    return taken


def let_go(row: Registration, at: datetime) -> None:
    """End the registration's hold on its protections at an instant, if it would last longer.

    A protection that others hold too goes on for them; the last holder's ends, and one that has not
    begun becomes empty.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LET_GO, {"at": at, "row": row.pk})
        cursor.execute(_CUT, {"at": at, "row": row.pk})


_LET_GO = """
UPDATE registrations_protectionholder h SET ended_at = %(at)s FROM registrations_protection p
WHERE h.protection_id = p.id AND h.registration_id = %(row)s AND h.ended_at IS NULL
AND upper(p.period) > %(at)s
"""
_CUT = """
UPDATE registrations_protection p SET period = CASE WHEN lower(p.period) >= %(at)s
THEN 'empty'::tstzrange ELSE tstzrange(lower(p.period), %(at)s) END
FROM registrations_protectionholder h
WHERE h.protection_id = p.id AND h.registration_id = %(row)s AND upper(p.period) > %(at)s
AND NOT EXISTS (SELECT 1 FROM registrations_protectionholder other
WHERE other.protection_id = p.id AND other.ended_at IS NULL)
"""


def settle_company(company_id: int) -> None:
    """Under the company's lock: close what has lapsed there, then move up who is next.

    The sweep and every submission and decision call this, so it does not matter who comes first after
    a protection has ended.
    """
    live = Registration.objects.filter(company_id=company_id, state__in=_LIVE)
    if live.exists():  # nearly always there is nothing to settle
        _close_lapsed(company_id)
        promote(company_id)


_LIVE = (State.APPROVED, State.QUEUED)


def _close_lapsed(company_id: int) -> None:
    """Close approved registrations whose protection is over, whoever notices first."""
    now = clock.now()
    lapsed = (
        Registration.objects.filter(company_id=company_id, state=State.APPROVED)
        .filter(holdings__isnull=False)
        .exclude(holdings__protection__period__endswith__gt=now)
        .order_by("pk")
    )
    for registration in lapsed:
        close(locked(registration), CloseCode.EXPIRED, actor=None)


def close(
    row: Registration,
    code: CloseCode,
    *,
    actor: User | None,
    because: Mapping[str, str] | None = None,
    note: str = "",
) -> Registration:
    """Close a locked, approved registration: its protection ends, its reminders stop, it is told.

    `because` holds further codes for the event, `note` a text that may be erased.
    """
    if row.state != State.APPROVED:
        return row
    now = clock.now()
    let_go(row, now)
    move(row, Action.CLOSE, actor=actor, closed_at=now, close_code=code)
    due.cancel_subject(str(row.uid))
    conflicts.gone(row)
    data = {"code": str(code), **(because or {})}
    record("closed", row, actor=actor, data=data, private={"note": note} if note else None)
    registry.closed(row, actor=actor)
    if code == CloseCode.EXPIRED:
        notices.ended(row)
    return row


def promote(company_id: int) -> list[Registration]:
    """Under the company's lock: bring the first in ledger order whose whole scope is free to review.

    Somebody moved up earlier and still under review keeps the scope from the ones behind. Who still
    waits because part of its scope is held keeps nothing from those behind it.
    """
    moved: list[Registration] = []
    taken = [selectors.scope_of(r) for r in selectors.moved_up(company_id)]
    for candidate in Registration.objects.filter(
        company_id=company_id, state=State.QUEUED
    ).order_by("ledger_number", "pk"):
        scope = selectors.scope_of(candidate)
        if any(scope.overlaps(other) for other in taken):
            continue
        if selectors.holders_of(company_id, scope, clock.now()).exists():
            continue
        row = locked(candidate)
        if row.state != State.QUEUED:
            continue
        terms = engagement.terms_for(row)
        move(row, Action.PROMOTE, actor=None, due_at=decision_due(clock.now(), terms))
        conflicts.flag(row)
        record("moved-up", row, actor=None)
        notices.moved_up(row)
        taken.append(scope)
        moved.append(row)
    return moved


def plan_reminders(row: Registration, end: datetime) -> None:
    """Write the due rows of an approved registration: the prod loop, the notices, the end."""
    terms = engagement.terms_for(row)
    subject, now = str(row.uid), clock.now()
    due.cancel_subject(subject)
    rows: list[tuple[str, str, datetime, dict[str, int]]] = [
        ("prod", subject, now + terms.prod_every, {}),
        ("end", subject, end, {}),
    ]
    for days in terms.notices_within(end - now):
        at = engagement.days_before(end, days)
        rows.append(("ending", f"{subject}:{days}", at, {"days": days}))
    due.schedule_all(
        DueRow(kind=f"registrations.{kind}", key=key, subject=subject, due_at=at, data=data)
        for kind, key, at, data in rows
    )


@transaction.atomic
def end_if_over(registration: Registration) -> None:
    """The sweep's part: when a protection's time is over, close its registration and move up the next."""
    assert registration.company is not None
    locks.hold(*lock_keys(registration.company))
    settle_company(registration.company.pk)


def period_for(row: Registration) -> tuple[datetime, datetime]:
    """Return start and end of the protection an approval of now would give."""
    now = clock.now()
    return now, end_of_protection(now, engagement.terms_for(row).protection_days)
