"""The search for duplicates over the whole directory: a job in batches, each pair once.

The walk goes by key; its place is stored with what it found, so a killed worker goes on where the
last batch ended. Pairs that a person has answered are left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from companies import matching
from companies.enums import ScanState, Verdict
from companies.matching import Level, Match
from companies.models import Company, DuplicatePair, DuplicateScan, NameVerdict
from companies.policies import can_manage_companies
from companies.selectors import family, query_for
from prm import clock, due, events
from prm.access import Actor, require
from prm.due.tasks import drain

KIND = "companies.duplicates"
BATCH = 50
PER_COMPANY = 5
ANSWERED = (Verdict.DIFFERENT, Verdict.RELATED)


class ScanRunning(Exception):
    """A search for duplicates runs already."""


@transaction.atomic
def start_scan(*, actor: Actor) -> DuplicateScan:
    """Begin to look for duplicates in the whole directory. Records `company-scan.started`.

    Raises PermissionDenied, ScanRunning.
    """
    require(can_manage_companies(actor))
    total = Company.objects.current().count()
    try:
        with transaction.atomic():
            scan = DuplicateScan.objects.create(by_id=actor.pk, total=total)
    except IntegrityError as error:
        raise ScanRunning from error
    events.record("company-scan.started", target=scan, actor=actor, data={"companies": total})
    due.schedule(KIND, str(scan.uid), clock.now(), subject=str(scan.uid))
    drain.delay_on_commit()
    return scan


@transaction.atomic
def stop_scan(scan: DuplicateScan, *, actor: Actor) -> DuplicateScan:
    """Stop a search; what it found stays. Records `company-scan.stopped`. Raises PermissionDenied."""
    require(can_manage_companies(actor))
    scan = DuplicateScan.objects.select_for_update().get(pk=scan.pk)
    if scan.state == ScanState.RUNNING:
        due.cancel(KIND, str(scan.uid))
        _end(scan, ScanState.STOPPED)
        events.record("company-scan.stopped", target=scan, actor=actor)
    return scan


@transaction.atomic
def scan_batch(uid: str) -> datetime | None:
    """Look at the next companies; returns when to go on, or None when all were looked at."""
    scan = DuplicateScan.objects.select_for_update().filter(uid=uid).first()
    if scan is None or scan.state != ScanState.RUNNING:
        return None
    companies = list(Company.objects.current().filter(pk__gt=scan.cursor).order_by("pk")[:BATCH])
    found = [(company, match) for company in companies for match in _alike(company)]
    _store(scan, found)
    if len(companies) < BATCH:
        DuplicatePair.objects.exclude(scan=scan).delete()  # what this walk did not find again
        scan.done += len(companies)
        _end(scan, ScanState.FINISHED)
        return None
    scan.cursor, scan.done = companies[-1].pk, scan.done + len(companies)
    scan.save(update_fields=["cursor", "done"])
    return clock.now()


def _alike(company: Company) -> list[Match]:
    found = matching.find(query_for(company), limit=PER_COMPANY)
    return [match for match in found if match.level in (Level.STRONG, Level.LIKELY)]


def _store(scan: DuplicateScan, found: Iterable[tuple[Company, Match]]) -> None:
    """Store pairs once, with the higher of their two scores, but neither answered ones nor families."""
    best: dict[tuple[int, int], Match] = {}
    for company, match in found:
        low, high = sorted((company.pk, match.company_id))
        held = best.get((low, high))
        if held is None or match.score > held.score:
            best[low, high] = match
    answered = _answered(best)
    rows = [
        DuplicatePair(
            low_id=low,
            high_id=high,
            score=min(32_000, round(match.score)),
            level=match.level.value,
            evidence=[line.as_json() for line in match.evidence],
            scan=scan,
        )
        for (low, high), match in sorted(best.items())
        if (low, high) not in answered
    ]
    DuplicatePair.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["low", "high"],
        update_fields=["score", "level", "evidence", "scan"],
    )


def _answered(pairs: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
    keys = {pk for pair in pairs for pk in pair}
    said = NameVerdict.objects.filter(Q(low__in=keys) & Q(high__in=keys), verdict__in=ANSWERED)
    answered = set(said.values_list("low_id", "high_id"))
    for one, others in family(keys).items():
        answered |= {(min(one, other), max(one, other)) for other in others}
    return answered


def _end(scan: DuplicateScan, state: ScanState) -> None:
    scan.state, scan.finished_at = state, clock.now()
    scan.save(update_fields=["state", "finished_at", "done"])
