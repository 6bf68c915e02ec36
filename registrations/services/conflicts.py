"""Flag what a registration collides with, look again, and settle what a person has decided."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from companies import matching
from companies import selectors as company_selectors
from companies.models import Company
from companies.services import remember_different
from prm import clock
from prm.access import require
from registrations import policies, selectors
from registrations.claims import claims_at
from registrations.conflicts import Flag, Ground, Resemblance, dismissed, judge, turned
from registrations.enums import OPEN_STATES, ConflictKind, Settlement, State
from registrations.models import Registration, RegistrationConflict
from registrations.services.core import locked, record
from users.models import User

CERTAIN = 100
MOST_FILED = 10
"""At most so many things that do not matter are kept with a case."""


def flag(row: Registration, *, patient: bool = False) -> list[RegistrationConflict]:
    """Note the conflicts of a registration that are not noted yet; return the new ones.

    Asks `companies.matching` who else the customer may be, and every claim source what is claimed
    there. What waits elsewhere gets its own row of the same conflict, so that a referee sees it from
    either side. A flag never blocks by itself.
    """
    found = resemblances(row, patient=patient)
    claims = claims_at({r.company for r in found}, clock.now(), besides=row.pk)
    deal = selectors.deal_of(row)
    new = note({row: judge(deal, found, claims)})
    _file(row, dismissed(deal, found, claims)[:MOST_FILED])
    if new:
        kinds = sorted({str(conflict.kind) for conflict in new})
        data = {"kinds": kinds, "count": len(new), "with": _mirror(new)}
        record("flagged", row, actor=None, data=data)
    return new


def note(flags: Mapping[Registration, list[Flag]]) -> list[RegistrationConflict]:
    """Store registrations' flags as conflicts, each once; return the new ones, without their keys.

    Two statements, however many there are. Whoever calls records the event.
    """
    rows = [_conflict(row, found) for row, every in flags.items() for found in every]
    if not rows:
        return []
    RegistrationConflict.objects.bulk_create(rows, ignore_conflicts=True)
    stored = RegistrationConflict.objects.filter(uid__in=[conflict.uid for conflict in rows])
    new = set(stored.values_list("uid", flat=True))
    return [conflict for conflict in rows if conflict.uid in new]


def warn_rivals(row: Registration) -> list[RegistrationConflict]:
    """Note with every open rival of an approved registration what is protected from it now.

    Rivals are those at its company and those it was noted with; a handful of statements for all.
    """
    assert row.company is not None
    claims = [
        c for c in claims_at({row.company.pk}, clock.now(), besides=0) if c.registration == row.pk
    ]
    noted = {one.registration_id: one for one in row.conflicts_of_others.order_by("pk")}
    flags = {}
    for rival in selectors.rivals(row):
        likeness = _likeness(row.company, noted.get(rival.pk))
        flags[rival] = judge(selectors.deal_of(rival), [likeness], claims)
    new = note(flags)
    if new:
        record("rivals-warned", row, actor=None, data={"count": len(new)})
    return new


def _likeness(company: Company, noted: RegistrationConflict | None) -> Resemblance:
    """How sure it is that a rival's customer is this company: as it was noted, or because it is."""
    if noted is None:
        return _resemblance(company, CERTAIN)
    related = noted.kind == ConflictKind.RELATED
    return _resemblance(company, noted.score, turned(noted.evidence), related=related)


def _conflict(row: Registration, found: Flag, **settled: Any) -> RegistrationConflict:
    return RegistrationConflict(
        registration=row,
        kind=found.kind,
        company_id=found.company,
        other_id=found.registration,
        score=found.score,
        evidence=[dict(line) for line in found.evidence],
        weight=found.weight,
        grounds=[asdict(ground) for ground in found.grounds],
        **settled,
    )


def _file(row: Registration, flags: list[Flag]) -> None:
    """Keep with the case what was looked at and does not matter; nobody has to settle it."""
    settled = {"settlement": Settlement.OUT_OF_SCOPE, "settled_at": clock.now()}
    rows = [_conflict(row, found, **settled) for found in flags]
    RegistrationConflict.objects.bulk_create(rows, ignore_conflicts=True)


def resemblances(row: Registration, *, patient: bool = False) -> list[Resemblance]:
    """Return the registration's own company, and every company that may be the same customer.

    `patient` gives the database the time that a page does not have.
    """
    assert row.company is not None
    return resembling(selectors.query_of(row), row.company, patient=patient)


def resembling(
    query: matching.CompanyQuery, own: Company | None, *, patient: bool = False
) -> list[Resemblance]:
    """Return the company that a customer certainly is, if any, those that it may be, and its family."""
    query = replace(query, exclude_company_id=own.pk if own else None)
    matches = matching.find(query, patient=patient)
    family = company_selectors.family([own.pk])[own.pk] if own else set()
    near = {match.company_id for match in matches} | family
    known = {company.pk: company for company in Company.objects.filter(pk__in=near)}
    sure = [_resemblance(own, CERTAIN)] if own else []
    likely = [
        _resemblance(
            known[match.company_id],
            min(CERTAIN - 1, max(0, round(match.score))),
            tuple(asdict(line) for line in match.evidence),
            related=match.related or match.company_id in family,
        )
        for match in matches
        if match.company_id in known
    ]
    kin = family - {match.company_id for match in matches}
    return [*sure, *likely, *(_resemblance(known[pk], 0, related=True) for pk in sorted(kin))]


def _resemblance(
    company: Company,
    score: int,
    evidence: tuple[Mapping[str, object], ...] = (),
    *,
    related: bool = False,
) -> Resemblance:
    return Resemblance(
        company.pk, score, company.designation, evidence, related, company.industry_id
    )


@transaction.atomic
def second_look(registration: Registration) -> None:
    """Flag rivals whose near names no lock joined, and what a partial answer left out."""
    row = locked(registration)
    if row.state not in OPEN_STATES:
        return
    flag(row, patient=True)


def _mirror(new: list[RegistrationConflict]) -> int:
    """Note with every open rival what was noted with a registration; return how many were new there.

    So a referee sees a conflict from either side.
    """
    pending = [one for one in new if one.kind == ConflictKind.PENDING and one.other_id]
    plain = [one.uid for one in pending if not one.evidence]
    told = {one.other_id: one for one in pending if one.evidence and one.other_id}
    rivals = Registration.objects.filter(
        pk__in=told, state__in=OPEN_STATES, company__isnull=False
    ).only("pk")
    flags = {rival: [_turned(told[rival.pk])] for rival in rivals.order_by("pk")} if told else {}
    return len(note(flags)) + (_mirror_plain(plain) if plain else 0)


def _mirror_plain(uids: list[UUID]) -> int:
    """Mirror conflicts of one and the same company, which need no reasons turned, in one statement.

    Fifty rivals of one customer would be fifty objects otherwise, under its lock.
    """
    with connection.cursor() as cursor:
        cursor.execute(_MIRROR, [list(map(str, OPEN_STATES)), uids])
        return int(cursor.rowcount)


_MIRROR = """
INSERT INTO registrations_registrationconflict (created_at, updated_at, uid, registration_id, kind,
    company_id, other_id, score, evidence, weight, grounds, settlement)
SELECT c.created_at, c.updated_at, gen_random_uuid(), c.other_id, c.kind,
    coalesce(mine.company_id, c.company_id), c.registration_id, c.score, c.evidence, c.weight, c.grounds, ''
FROM registrations_registrationconflict c
JOIN registrations_registration mine ON mine.id = c.registration_id
JOIN registrations_registration rival ON rival.id = c.other_id
WHERE rival.state = ANY(%s) AND rival.company_id IS NOT NULL AND c.uid = ANY(%s)
ORDER BY c.id
ON CONFLICT DO NOTHING
"""


def _turned(conflict: RegistrationConflict) -> Flag:
    return Flag(
        ConflictKind.PENDING,
        conflict.registration.company_id or 0,
        conflict.score,
        conflict.registration_id,
        turned(conflict.evidence),
        tuple(Ground(**ground) for ground in conflict.grounds),
    )


@transaction.atomic
def settle_conflict(
    conflict: RegistrationConflict, settlement: Settlement, *, actor: User
) -> RegistrationConflict:
    """Settle one conflict by hand; "different" is remembered for the two companies.

    Raises PermissionDenied. A conflict that is settled already stays as it is.
    """
    row = locked(conflict.registration)
    require(policies.can_decide(actor, row))
    conflict = RegistrationConflict.objects.select_for_update().get(pk=conflict.pk)
    if not conflict.is_open:
        return conflict
    conflict.change(settlement=settlement, settled_at=clock.now(), settled_by=actor)
    if settlement == Settlement.DIFFERENT and row.company and conflict.company_id != row.company_id:
        remember_different(row.company, conflict.company, actor=actor)
    record(
        "conflict-settled",
        row,
        actor=actor,
        data={"conflict": str(conflict.uid), "settlement": str(settlement)},
    )
    return conflict


def settle_all(row: Registration, settlement: Settlement, *, actor: User | None) -> int:
    """Settle whatever is open on a registration in one way; return how many."""
    return row.conflicts.filter(settled_at=None).update(
        settlement=settlement, settled_at=clock.now(), settled_by=actor
    )


def gone(row: Registration) -> int:
    """A registration that is over is in nobody's way: settle the conflicts of others with it."""
    if row.state in OPEN_STATES or row.state == State.APPROVED:
        return 0
    theirs = RegistrationConflict.objects.filter(other=row, settled_at=None)
    count: int = theirs.update(settlement=Settlement.GONE, settled_at=clock.now())
    return count
