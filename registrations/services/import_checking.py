"""The dry run of a file of running registrations: read, clean, stage, foresee. Writes no registration."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from companies.domains import identifying
from companies.loads.columns import pick
from companies.matching import compact_of
from prm import tables
from prm.tables import Record, Unreadable
from registrations import engagement, selectors
from registrations.conflicts import Scope
from registrations.enums import ImportOutcome
from registrations.imports import lookup
from registrations.imports.cleaning import Entry, Surroundings, clean_row, spell
from registrations.imports.columns import MAX_ROWS
from registrations.imports.planning import Directory
from registrations.models import Registration, RegistrationImport, RegistrationImportRow
from registrations.services.import_drafting import Drafting

BATCH = 500
AHEAD = 1_000
SHOWN = 300


def check_batch(file: RegistrationImport) -> bool:
    """Check the next rows of a file; once all are read, foresee who gets what. Returns whether there is more.

    Wants the import's lock.
    """
    records, broken = _read(file)
    if not records and broken is None:
        _foresee(file)
        return False
    cells = [spell(pick(record.cells, file.mapping)) for record in records]
    known = lookup.surroundings(cells, day_first=file.day_first)
    rows = [_stage(file, *both, known) for both in zip(records, cells, strict=True)]
    _skip_known(file, rows)
    if broken is not None:
        rows.append(_failed(file, broken.line, "unreadable"))
    room = MAX_ROWS - file.read_rows
    if len(rows) > room:
        rows = [*rows[:room], _failed(file, rows[room].number, "too-many-rows")]
        broken = Unreadable(rows[room].number, "")
    RegistrationImportRow.objects.bulk_create(rows)
    _count(file, rows, file.size if broken is not None else records[-1].offset)
    return True


def _read(file: RegistrationImport) -> tuple[list[Record], Unreadable | None]:
    """The next rows, and what stopped the reading, if anything did."""
    records: list[Record] = []
    with tables.opened(file.name) as stream:
        rows = tables.records(stream, delimiter=file.delimiter, offset=file.offset, line=file.line)
        try:
            records.extend(islice(rows, BATCH))
        except Unreadable as error:
            return records, error
    return records, None


def _stage(
    file: RegistrationImport, record: Record, cells: dict[str, str], known: Surroundings
) -> RegistrationImportRow:
    if len(record.cells) > len(file.header):
        return _failed(file, record.line, "too-many-cells", cells)
    cleaned = clean_row(cells, known)
    if cleaned.entry is None:
        return _failed(file, record.line, "", cells, cleaned.causes)
    return RegistrationImportRow(
        file=file,
        number=record.line,
        typed=cells,
        values=cleaned.entry.as_json(),
        old_reference=cleaned.entry.old_reference,
        registered_at=cleaned.entry.registered,
        outcome=ImportOutcome.CREATE,
        notes=list(cleaned.notes),
    )


def _failed(
    file: RegistrationImport,
    line: int,
    code: str,
    cells: dict[str, str] | None = None,
    causes: Sequence[dict[str, Any]] = (),
) -> RegistrationImportRow:
    found = list(causes) or [{"code": code, "field": ""}]
    return RegistrationImportRow(
        file=file,
        number=line,
        typed={key: _shown(text) for key, text in (cells or {}).items()},
        outcome=ImportOutcome.ERROR,
        cause=found[0]["code"],
        causes=found,
    )


def _shown(text: str) -> str:
    """What was typed, short and without what a database or a page cannot hold."""
    return "".join(
        c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text[:SHOWN]
    )


def _skip_known(file: RegistrationImport, rows: Sequence[RegistrationImportRow]) -> None:
    """What an import has brought already is there; a reference that comes twice counts once."""
    wanted = {row.old_reference for row in rows if row.old_reference}
    there = Registration.objects.filter(old_reference__in=wanted)
    known = set(there.values_list("old_reference", flat=True))
    earlier = file.rows.filter(old_reference__in=wanted, outcome=ImportOutcome.CREATE)
    lines = dict(earlier.order_by("-number").values_list("old_reference", "number"))
    for row in rows:
        if not row.old_reference:
            continue
        if row.old_reference in known:
            row.outcome = ImportOutcome.SKIP
        elif row.old_reference in lines:
            _spoil(row, {"code": "repeated", "field": "", "line": lines[row.old_reference]})
            row.outcome = ImportOutcome.SKIP
        else:
            lines[row.old_reference] = row.number


def _spoil(row: RegistrationImportRow, cause: dict[str, Any]) -> None:
    row.outcome, row.cause, row.causes = ImportOutcome.ERROR, str(cause["code"]), [cause]


def _count(file: RegistrationImport, rows: Sequence[RegistrationImportRow], offset: int) -> None:
    counts = Counter(str(row.outcome) for row in rows)
    file.change(
        read_rows=file.read_rows + len(rows),
        creates=file.creates + counts[ImportOutcome.CREATE],
        skips=file.skips + counts[ImportOutcome.SKIP],
        errors=file.errors + counts[ImportOutcome.ERROR],
        offset=offset,
        line=max(row.number for row in rows),
    )


def _foresee(file: RegistrationImport) -> None:
    """Go through the rows in the order of the ledger and refuse those whose scope will be taken."""
    drafting = Drafting(engagement.version_in_force())
    directory = Directory()
    spoilt = []
    for part in _parts(file):
        works = [(row, Entry.from_json(row.values)) for row in part]
        _learn(directory, [entry for _row, entry in works])
        for row, entry in works:
            company = directory.identify(entry)
            if not entry.is_approved:
                continue
            scope = _scope(drafting, entry, directory, company)
            holder = directory.holder(company, scope)
            if holder is None:
                directory.take(company, scope, row.number)
            else:
                _spoil(row, holder.as_cause())
                spoilt.append(row)
    RegistrationImportRow.objects.bulk_update(
        spoilt, ["outcome", "cause", "causes"], batch_size=BATCH
    )
    file.change(creates=file.creates - len(spoilt), errors=file.errors + len(spoilt))


def _parts(file: RegistrationImport) -> Iterator[list[RegistrationImportRow]]:
    rows = file.rows.filter(outcome=ImportOutcome.CREATE).order_by("registered_at", "number")
    stream = rows.iterator(chunk_size=AHEAD)
    while part := list(islice(stream, AHEAD)):
        yield part


def _learn(directory: Directory, entries: Sequence[Entry]) -> None:
    """Add to what is known the companies that the next rows may mean; what rows have made stays."""
    found = lookup.directory(
        [compact_of(entry.company) for entry in entries],
        [domain for entry in entries if (domain := identifying(entry.website))],
    )
    for domain, pk in found.domains.items():
        directory.domains.setdefault(domain, pk)
    for name, pks in found.names.items():
        directory.names.setdefault(name, set()).update(pks)
    directory.with_domain |= found.with_domain
    directory.facts |= found.facts
    for pk, held in found.held.items():
        directory.held.setdefault(pk, held)


def _scope(drafting: Drafting, entry: Entry, directory: Directory, company: int) -> Scope:
    designation, industry = directory.facts.get(company, ("OPEN", None))
    row = drafting.draft(entry, -1)
    row.exclusivity = drafting.exclusivity(row, designation, industry)
    return selectors.scope_of(row)
