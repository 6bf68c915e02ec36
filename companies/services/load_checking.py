"""The dry run of a list: read, clean, compare with the directory, stage. Writes no company."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import islice

from catalog.models import Industry
from companies import matching
from companies.enums import RowOutcome
from companies.loads.cleaning import Defaults, Entry, RowUnusable, clean_row, folded
from companies.loads.columns import MAX_ROWS, pick
from companies.loads.lookup import Directory, look_up
from companies.loads.planning import company_meant, keys_of, plan, repeats
from companies.matching import CompanyQuery, Level
from companies.models import CompanyLoad, LoadRow
from prm import tables
from prm.tables import Record, Unreadable

BATCH = 500
SMALL_BATCH = 100
"""While likeness is looked at, which takes some hundredths of a second a row, so progress shows."""
LIKENESS_ROWS = 5_000
"""So many new companies of a list are compared with similar names; the search for duplicates does all."""
SHOWN = 300


def check_batch(load: CompanyLoad) -> bool:
    """Check the next rows of a list's file; returns whether there may be more. Wants its lock."""
    size = SMALL_BATCH if load.alike_looked_at < LIKENESS_ROWS else BATCH
    records, broken = _read(load, size)
    defaults = _defaults(load)
    staged: list[tuple[LoadRow, Entry | None]] = []
    for record in records:
        staged.append(_clean(load, record, defaults))
    _plan(load, staged)
    rows = [row for row, _entry in staged]
    if broken is not None:
        rows.append(_failed(load, broken.line, "unreadable", ""))
    more = len(records) == size and broken is None
    if records and load.rows >= MAX_ROWS:
        rows, more = [_failed(load, records[0].line, "too-many-rows", "")], False
    LoadRow.objects.bulk_create(rows)
    _count(load, rows, records)
    return more


def _read(load: CompanyLoad, size: int) -> tuple[list[Record], Unreadable | None]:
    """The next rows, and what stopped the reading, if anything did."""
    records: list[Record] = []
    with tables.opened(load.name) as stream:
        rows = tables.records(stream, delimiter=load.delimiter, offset=load.offset, line=load.line)
        try:
            for record in islice(rows, size):
                records.append(record)
        except Unreadable as error:
            return records, error
    return records, None


def _defaults(load: CompanyLoad) -> Defaults:
    industries: dict[str, str] = {}
    for row in Industry.objects.filter(retired_at=None):
        for word in (row.code, row.name, *row.words.values()):
            industries[folded(str(word))] = row.code
    return Defaults(load.designation, load.country, industries)


def _clean(load: CompanyLoad, record: Record, defaults: Defaults) -> tuple[LoadRow, Entry | None]:
    cells = pick(record.cells, load.mapping)
    shown = cells.get("name", "")
    try:
        if len(record.cells) > len(load.header):
            raise RowUnusable("too-many-cells")
        entry = clean_row(cells, defaults)
    except RowUnusable as error:
        return _failed(load, record.line, error.cause, shown, cells), None
    row = LoadRow(
        load=load,
        line=record.line,
        shown=entry.name,
        values=entry.as_json(),
        keys=keys_of(entry),
        outcome=RowOutcome.CREATE,
        has_parent=bool(entry.parent),
    )
    return row, entry


def _failed(
    load: CompanyLoad, line: int, cause: str, shown: str, cells: dict[str, str] | None = None
) -> LoadRow:
    kept = {key: text[:SHOWN] for key, text in (cells or {}).items()}
    return LoadRow(
        load=load,
        line=line,
        outcome=RowOutcome.ERROR,
        cause=cause,
        shown=shown[:SHOWN],
        values={"cells": kept},
    )


def _plan(load: CompanyLoad, staged: Sequence[tuple[LoadRow, Entry | None]]) -> None:
    """Say of each row what it would do; a later row about the same company adds to the first."""
    good = [(row, entry) for row, entry in staged if entry is not None]
    directory = look_up([entry for _row, entry in good])
    earlier = _earlier(load, [row for row, _entry in good])
    for row, entry in good:
        try:
            _decide(row, entry, directory, repeats(row.keys, earlier))
        except RowUnusable as error:
            row.outcome, row.cause = RowOutcome.ERROR, error.cause
            continue
        earlier.update(row.keys)
        if row.outcome == RowOutcome.CREATE:
            _note_likeness(load, row, entry)


def _decide(row: LoadRow, entry: Entry, directory: Directory, repeated: bool) -> None:
    meant = company_meant(directory.found(entry))
    outcome = plan(entry, directory.known[meant] if meant else None).outcome
    row.company_id = meant
    row.outcome = RowOutcome.UPDATE if repeated and outcome == RowOutcome.CREATE else outcome


def _earlier(load: CompanyLoad, rows: Sequence[LoadRow]) -> set[int]:
    """The keys that rows of earlier batches have in common with these."""
    keys = {key for row in rows for key in row.keys}
    if not keys or not load.rows:
        return set()
    found = LoadRow.objects.filter(load=load, keys__overlap=list(keys))
    held = {key for row in found.values_list("keys", flat=True) for key in row}
    return held & keys


def _note_likeness(load: CompanyLoad, row: LoadRow, entry: Entry) -> None:
    """Report a company that looks like a new one; likeness never joins anything."""
    if load.alike_looked_at >= LIKENESS_ROWS:
        return
    load.alike_looked_at += 1
    domain = entry.domains[0] if entry.domains else ""
    query = CompanyQuery(
        entry.name,
        domain,
        entry.country,
        numbers=(entry.number[:2],) if entry.number else (),
        city=entry.site.get("city", ""),
    )
    for match in matching.find(query, limit=1):
        if match.level in (Level.STRONG, Level.LIKELY):
            row.alike_id = match.company_id
            load.alike += 1


def _count(load: CompanyLoad, rows: Sequence[LoadRow], records: Sequence[Record]) -> None:
    counts = Counter(str(row.outcome) for row in rows)
    load.rows += len(rows)
    load.creates += counts[RowOutcome.CREATE]
    load.updates += counts[RowOutcome.UPDATE]
    load.skips += counts[RowOutcome.SKIP]
    load.errors += counts[RowOutcome.ERROR]
    if records:
        load.offset, load.line = records[-1].offset, records[-1].line
    load.save(
        update_fields=[
            "rows", "creates", "updates", "skips", "errors", "offset", "line", "alike",
            "alike_looked_at",
        ]
    )  # fmt: skip
