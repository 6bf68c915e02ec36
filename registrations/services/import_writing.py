"""The import of a checked file: rows become registrations, batch by batch, each all or nothing.

Every row is cleaned again from what was typed, so what has happened since the check counts. A batch and
the marks on its rows are one transaction: a worker that is killed leaves nothing of its batch, and the
next one begins it anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import OperationalError, connection, transaction

from companies import services as company_services
from companies.matching import CompanyQuery
from companies.selectors import known_company, lock_keys
from companies.services.adopting import confirm_adopted
from prm import clock, due, events, locks
from prm.due.models import DueRow
from prm.events import Happened
from registrations import engagement, selectors
from registrations.enums import Action, ImportOutcome, State
from registrations.imports import lookup
from registrations.imports.cleaning import Entry, clean_row
from registrations.models import Registration, RegistrationImport, RegistrationImportRow
from registrations.services import protections
from registrations.services.core import decision_due, locked, move
from registrations.services.import_drafting import Drafting, values_of
from registrations.services.protections import CustomerAlreadyProtected

BATCH = 200
LOOK = "registrations.import-look"
APART = timedelta(milliseconds=100)
"""Second looks come one after the other, so that other due work of the portal goes on in between."""
IMPORTS = "registration-imports"
"""The lock of all batches: two imports at once would be in each other's way."""


@dataclass(slots=True)
class Work:
    """One row of a batch on its way."""

    line: RegistrationImportRow
    entry: Entry
    row: Registration | None = None
    made: dict[str, Any] = field(default_factory=dict)
    until: str = ""

    @property
    def query(self) -> CompanyQuery:
        """How its customer is asked for."""
        return CompanyQuery(self.entry.company, self.entry.website, self.entry.country)


def write_batch(file: RegistrationImport) -> bool:
    """Import the next rows in the order of the ledger, then settle the next that are in line.

    Returns whether there may be more. Wants the import's lock and a transaction. Raises Busy: nothing
    is written then.
    """
    wanted = file.rows.filter(outcome=ImportOutcome.CREATE, done_at=None)
    lines = list(wanted.order_by("registered_at", "number")[:BATCH])
    try:
        if not lines:
            return _settle_lines(file)
        _write(file, lines)
    except OperationalError as error:  # somebody who holds one lock waits for another of ours
        raise locks.Busy from error
    return True


def _write(file: RegistrationImport, lines: Sequence[RegistrationImportRow]) -> None:
    works = _clean(file, lines)
    locks.hold(IMPORTS, *(key for work in works for key in lock_keys(work.query)))
    works = _without_known(works)
    drafting = Drafting(engagement.version_in_force())
    drafting.load_partners({work.entry.partner for work in works})
    placed: dict[int, int] = {}
    for work, key in zip(works, _keys(len(works)), strict=True):
        _place(file, work, drafting, key, placed)
    done = [work for work in works if work.row is not None]
    _store(file, done, drafting)
    _mark(file, lines, done)


def _clean(file: RegistrationImport, lines: Sequence[RegistrationImportRow]) -> list[Work]:
    """The rows as they read now; one that has become unusable since the check is marked."""
    known = lookup.surroundings([line.typed for line in lines], day_first=file.day_first)
    works = []
    for line in lines:
        cleaned = clean_row(line.typed, known)
        if cleaned.entry is None:
            _spoil(line, cleaned.causes)
        else:
            line.notes = list(cleaned.notes)
            works.append(Work(line, cleaned.entry))
    return works


def _without_known(works: Sequence[Work]) -> list[Work]:
    """The rows whose old reference no other import has brought meanwhile."""
    wanted = [work.entry.old_reference for work in works]
    there = Registration.objects.filter(old_reference__in=wanted)
    known = set(there.values_list("old_reference", flat=True))
    for work in works:
        if work.entry.old_reference in known:
            work.line.outcome = ImportOutcome.SKIP
    return [work for work in works if work.entry.old_reference not in known]


def _keys(many: int) -> list[int]:
    """Keys for rows that are not stored yet, in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [Registration._meta.db_table, many],
        )
        return [int(key) for (key,) in cursor.fetchall()]


def _place(
    file: RegistrationImport, work: Work, drafting: Drafting, key: int, placed: dict[int, int]
) -> None:
    """Find or make a row's customer and take its scope; what is made for a row that fails goes again.

    `placed` are the batch's rows so far: key of the registration -> line.
    """
    try:
        with transaction.atomic():
            _adopt(file, work, drafting, key)
    except CustomerAlreadyProtected:
        assert work.row is not None
        _spoil(work.line, [_holder_of(file, work.row, placed)])
        work.row = None
    else:
        placed[key] = work.line.number


def _adopt(file: RegistrationImport, work: Work, drafting: Drafting, key: int) -> None:
    entry, actor = work.entry, file.uploaded_by
    made: dict[str, Any] = {}
    known = known_company(work.query)
    company = company_services.identify(
        name=entry.company, domain=entry.website, country=entry.country, actor=actor
    )
    if known is None:
        made["company"] = company.pk
    work.row = drafting.draft(entry, key)
    drafting.settle(work.row, file, company)
    drafting.finish(work.row, entry)
    if entry.is_approved:
        if known is not None:
            protections.settle_company(company.pk)
        confirmed = confirm_adopted(company, actor=actor)
        if confirmed and known is not None:
            made |= {"confirmed": confirmed, "company-of": company.pk}
        assert entry.end is not None
        taken = protections.protect(work.row, clock.now(), entry.end)
        made["protection"], work.until = str(taken.uid), entry.end.isoformat()
    work.made = made


def _holder_of(
    file: RegistrationImport, row: Registration, placed: Mapping[int, int]
) -> dict[str, Any]:
    """The line of the file, or the deal of the portal, that holds what a row wants."""
    assert row.company_id is not None
    holders = selectors.holders_of(row.company_id, selectors.scope_of(row), clock.now())
    holder = holders.order_by("pk").values_list("registration_id", flat=True).first()
    earlier = file.rows.filter(registration=holder).values_list("number", flat=True)
    number = placed.get(holder or 0) or earlier.first()
    if number:
        return {"code": "held-by-line", "field": "", "line": number}
    other = Registration.objects.filter(pk=holder or 0).first()
    by = f"{other.company_name} ({other.reference})" if other else ""
    return {"code": "held-here", "field": "", "by": by}


def _spoil(line: RegistrationImportRow, causes: Iterable[dict[str, Any]]) -> None:
    line.outcome, line.causes = ImportOutcome.ERROR, list(causes)
    line.cause = str(line.causes[0]["code"])


def _store(file: RegistrationImport, works: Sequence[Work], drafting: Drafting) -> None:
    """Number and insert the registrations of a batch, with their lines, reminders and events.

    The counter comes last but for what needs a number: while it is locked, nobody can register.
    """
    if not works:
        return
    rows = [work.row for work in works if work.row is not None]
    for work in works:
        if work.row is not None and work.entry.end is not None and work.entry.is_approved:
            protections.plan_reminders(work.row, work.entry.end)
    due.schedule_all(_due(file, rows, drafting))
    for number, row in enumerate(rows, start=_first_number(len(rows))):
        row.ledger_number = number
    Registration.objects.bulk_create(rows)
    through = Registration.product_lines.through
    through.objects.bulk_create(
        through(registration_id=row.pk, productline_id=line.pk)
        for row in rows
        for line in row.product_lines.all()
    )
    events.record_all(_events(file, works), actor=file.uploaded_by)


def _first_number(many: int) -> int:
    """Take so many ledger numbers without gaps; return the first. The counter stays locked until commit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO registrations_submissioncounter AS counter (id, last) VALUES (1, %s) "
            "ON CONFLICT (id) DO UPDATE SET last = counter.last + excluded.last RETURNING last",
            [many],
        )
        return int(cursor.fetchone()[0]) - many + 1


def _due(
    file: RegistrationImport, rows: Sequence[Registration], drafting: Drafting
) -> list[DueRow]:
    """What is to be done later: a look for rivals at each row, and telling when nobody decides."""
    found = [row for row in map(drafting.escalation, rows) if row is not None]
    for number, row in enumerate(rows, start=file.created_rows):
        if row.state == State.QUEUED:
            continue
        subject = str(row.uid)
        at = clock.now() + number * APART
        found.append(DueRow(kind=LOOK, key=subject, subject=subject, due_at=at))
    return found


def _events(file: RegistrationImport, works: Sequence[Work]) -> list[Happened]:
    found = []
    for work in works:
        row = work.row
        assert row is not None
        data = {
            "import": str(file.uid),
            "line": work.line.number,
            "number": row.ledger_number,
            "rules": row.rules.number if row.rules else 0,
            "state": str(row.state),
            "registered": row.submitted_at.isoformat() if row.submitted_at else "",
        }
        if work.until:
            data |= {"protection": work.made["protection"], "until": work.until}
        found.append(Happened("registration.imported", row, data, values_of(row)))
    return found


def _mark(
    file: RegistrationImport, lines: Sequence[RegistrationImportRow], done: Sequence[Work]
) -> None:
    """Mark the batch's rows as done in the transaction that wrote them, and count."""
    for line in lines:
        line.done_at = clock.now()
    for work in done:
        work.line.registration, work.line.undo = work.row, work.made
    RegistrationImportRow.objects.bulk_update(
        lines, ["outcome", "cause", "causes", "notes", "done_at", "registration", "undo"]
    )
    outcomes = [line.outcome for line in lines]
    file.change(
        done=file.done + len(lines),
        created_rows=file.created_rows + len(done),
        skipped_rows=file.skipped_rows + outcomes.count(ImportOutcome.SKIP),
        failed_rows=file.failed_rows + outcomes.count(ImportOutcome.ERROR),
    )


def _settle_lines(file: RegistrationImport) -> bool:
    """Bring to review those in line whose scope nobody holds and nobody ahead waits for.

    They come as if they had been moved up where they ran before: nobody is told.
    """
    waiting = Registration.objects.filter(imported=file, state=State.QUEUED, pk__gt=file.settled)
    rows = list(waiting.select_related("company").order_by("pk")[:BATCH])
    if not rows:
        return False
    locks.hold(IMPORTS, *(key for row in rows if row.company for key in lock_keys(row.company)))
    happened = [
        Happened("registration.moved-up", row, {"import": str(file.uid)}, {})
        for row in rows
        if _moves_up(row)
    ]
    events.record_all(happened, actor=file.uploaded_by)
    file.change(settled=rows[-1].pk)
    return True


def _moves_up(found: Registration) -> bool:
    row = locked(found)
    if row.state != State.QUEUED or not _is_free(row):
        return False
    terms = engagement.terms_for(row)
    move(row, Action.PROMOTE, actor=None, due_at=decision_due(clock.now(), terms))
    drafting = Drafting(row.rules) if row.rules else None
    escalation = drafting.escalation(row) if drafting else None
    subject = str(row.uid)
    look = DueRow(kind=LOOK, key=subject, subject=subject, due_at=clock.now())
    due.schedule_all([look, *([escalation] if escalation else [])])
    return True


def _is_free(row: Registration) -> bool:
    """Whether nobody holds the scope of a row in line, and nobody ahead of it wants part of it."""
    assert row.company_id is not None
    scope = selectors.scope_of(row)
    if selectors.holders_of(row.company_id, scope, clock.now()).exists():
        return False
    ahead = Registration.objects.filter(
        company_id=row.company_id, state=State.QUEUED, ledger_number__lt=row.ledger_number
    )
    others = [*ahead.order_by("ledger_number"), *selectors.moved_up(row.company_id)]
    return not any(scope.overlaps(selectors.scope_of(other)) for other in others)
