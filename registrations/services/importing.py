"""Running registrations from another system: upload, columns, check, import, undo.

Upload → match the columns → check (a job that writes no registration) → import (a job) → undo within a
day (a job). Jobs work through a due row, one batch per transaction: a killed worker loses nothing, and
the next one goes on where the last batch ended. See ADR 22 for what an imported registration is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm import clock, due, events, tables
from prm.access import require
from prm.due.tasks import drain
from registrations import policies
from registrations.enums import OPEN_STATES, ImportOutcome, ImportState, State
from registrations.imports.columns import (
    BY_KEY,
    MAX_BYTES,
    MAX_COLUMNS,
    REQUIRED,
    Proposal,
    propose,
)
from registrations.models import Registration, RegistrationImport
from registrations.services import conflicts, notices
from registrations.services.core import Refused, locked
from registrations.services.import_checking import check_batch
from registrations.services.import_undoing import touched, undo_batch
from registrations.services.import_writing import write_batch
from users.models import User

KIND = "registrations.import"
CLEAN = "registrations.import-clean"
KEEP_REPORT = timedelta(days=30)
SAMPLE_ROWS = 3
SAMPLE_CELL = 80
FOLDER = "deal-imports"


class ImportUnusable(ValueError):
    """The file cannot go on like this; the text says why, ready to show. `field` is the form's."""

    def __init__(self, text: str, field: str = "") -> None:
        super().__init__(text)
        self.field = field


class ImportMoved(Exception):
    """The import is at another step already; nothing was changed."""


class UndoRefused(Refused):
    """Something has happened to deals of the import; `deals` has a sentence for each."""

    sentence = gettext_lazy(
        "Something has happened to these deals since, so the import cannot be undone."
    )

    def __init__(self, deals: Sequence[str]) -> None:
        super().__init__()
        self.deals = list(deals)


@transaction.atomic
def start_import(upload: UploadedFile[Any], *, actor: User) -> RegistrationImport:
    """Keep an uploaded file and guess its columns. Records `registration-import.uploaded`.

    Raises PermissionDenied, `prm.uploads.UploadRefused`, ImportUnusable for a file without rows.
    """
    require(policies.can_import(actor))
    stored = tables.accept(upload, FOLDER, max_bytes=MAX_BYTES, lenient=True)
    try:
        delimiter, header, sample, offset, line = _first_rows(stored.name)
    except (tables.Unreadable, ImportUnusable) as error:
        tables.remove(stored.name)
        raise ImportUnusable(str(error), "file") from error
    proposal = _proposal(header)
    file = RegistrationImport.objects.create(
        uploaded_by=actor,
        name=stored.name,
        file_name=stored.original_name,
        size=stored.size,
        delimiter=delimiter,
        header=header,
        sample=sample,
        mapping=dict(proposal.mapping),
        guessed=list(proposal.guessed),
        offset=offset,
        line=line,
        day_first=_day_first(),
    )
    data = {"size": stored.size, "digest": stored.sha256}
    _record("uploaded", file, actor, data, {"file": stored.original_name})
    return file


@transaction.atomic
def map_import(
    file: RegistrationImport, mapping: Mapping[str, int], *, day_first: bool = True, actor: User
) -> RegistrationImport:
    """Say which column is which, and begin to check. No registration is written.

    Mapping again before importing checks anew. Raises PermissionDenied, ImportUnusable, ImportMoved.
    """
    require(policies.can_import(actor))
    file = _locked(file, ImportState.MAPPING, ImportState.CHECKED)
    _check_mapping(file, mapping)
    file.rows.all().delete()
    with tables.opened(file.name) as stream:
        first = next(tables.records(stream, delimiter=file.delimiter))
    file.change(
        state=ImportState.CHECKING,
        mapping=dict(mapping),
        guessed=[],
        day_first=day_first,
        offset=first.offset,
        line=first.line,
        **dict.fromkeys(("read_rows", "creates", "skips", "errors"), 0),
    )
    _ring(file)
    return file


@transaction.atomic
def begin_import(file: RegistrationImport, *, actor: User) -> RegistrationImport:
    """Import what was checked. Records `registration-import.begun`. Raises PermissionDenied, ImportMoved."""
    require(policies.can_import(actor))
    file = _locked(file, ImportState.CHECKED)
    file.change(state=ImportState.RUNNING, began_at=clock.now(), done=0)
    data = {"creates": file.creates, "skips": file.skips, "errors": file.errors}
    _record("begun", file, actor, data)
    _ring(file)
    return file


@transaction.atomic
def discard_import(file: RegistrationImport, *, actor: User) -> RegistrationImport:
    """Throw a file away before it is imported. Records `registration-import.discarded`.

    Raises PermissionDenied, ImportMoved.
    """
    require(policies.can_import(actor))
    file = _locked(file, ImportState.MAPPING, ImportState.CHECKING, ImportState.CHECKED)
    due.cancel(KIND, str(file.uid))
    file.rows.all().delete()
    _forget_file(file)
    file.change(state=ImportState.DISCARDED)
    _record("discarded", file, actor)
    return file


@transaction.atomic
def begin_undo_import(file: RegistrationImport, *, actor: User) -> RegistrationImport:
    """Take back what an import did, within a day and while nothing has happened to its deals.

    Records `registration-import.undo-begun`. Raises PermissionDenied, ImportMoved, ImportUnusable when
    the day is over, UndoRefused with a sentence per deal.
    """
    require(policies.can_import(actor))
    file = _locked(file, ImportState.DONE)
    if clock.now() >= undo_until(file):
        raise ImportUnusable(_("An import can be undone for 24 hours. That time is over."))
    if deals := touched(file):
        raise UndoRefused(deals)
    file.change(state=ImportState.UNDOING, done=0, kept_rows=0)
    _record("undo-begun", file, actor)
    _ring(file)
    return file


def undo_until(file: RegistrationImport) -> datetime:
    """Until when an import that is done can be undone."""
    assert file.done_at is not None
    return file.done_at + notices.IMPORT_UNDO


@transaction.atomic
def work(uid: str) -> datetime | None:
    """Do the next batch of an import's job; returns when to go on, or None when it is done.

    The caller holds the job's due row, so no two workers do the same batch. Raises Busy.
    """
    file = RegistrationImport.objects.select_for_update(of=("self",)).select_related("uploaded_by")
    found = file.filter(uid=uid).first()
    if found is None:
        return None
    steps = {
        ImportState.CHECKING.value: (check_batch, _checked),
        ImportState.RUNNING.value: (write_batch, _done),
        ImportState.UNDOING.value: (undo_batch, _undone),
    }
    if found.state not in steps:
        return None
    step, finish = steps[found.state]
    if step(found):
        return clock.now()
    finish(found)
    return None


@transaction.atomic
def look(uid: str) -> None:
    """Look for rivals of an imported registration that has been committed: both sides get the conflict."""
    registration = Registration.objects.filter(uid=uid).first()
    if registration is None:
        return
    if registration.state in OPEN_STATES:
        conflicts.second_look(registration)
    elif registration.state == State.APPROVED:
        conflicts.warn_rivals(locked(registration))


@transaction.atomic
def clean(uid: str) -> datetime | None:
    """Forget the file and rows of an import when their time is over; returns when to look again."""
    file = RegistrationImport.objects.select_for_update().filter(uid=uid).first()
    if file is None or file.done_at is None:
        return None
    if file.name:
        _forget_file(file)
        file.rows.filter(cause="").exclude(outcome=ImportOutcome.ERROR).delete()
        return file.done_at + KEEP_REPORT
    file.rows.all().delete()
    return None


def _checked(file: RegistrationImport) -> None:
    file.change(state=ImportState.CHECKED, checked_at=clock.now())


def _done(file: RegistrationImport) -> None:
    file.change(state=ImportState.DONE, done_at=clock.now())
    due.schedule(CLEAN, str(file.uid), undo_until(file), subject=str(file.uid))
    numbers = Registration.objects.filter(imported=file).order_by("ledger_number")
    known = list(numbers.values_list("ledger_number", flat=True))
    data = {
        "created": file.created_rows,
        "skipped": file.skips + file.skipped_rows,
        "failed": file.errors + file.failed_rows,
        "first": known[0] if known else 0,
        "last": known[-1] if known else 0,
    }
    _record("done", file, file.uploaded_by, data)
    notices.import_done(file)


def _undone(file: RegistrationImport) -> None:
    file.change(state=ImportState.UNDONE, undone_at=clock.now())
    data = {"removed": file.created_rows - file.kept_rows, "kept": file.kept_rows}
    _record("undone", file, file.uploaded_by, data)


def _record(
    code: str,
    file: RegistrationImport,
    actor: User | None,
    data: Mapping[str, Any] | None = None,
    private: Mapping[str, Any] | None = None,
) -> None:
    events.record(
        f"registration-import.{code}", target=file, actor=actor, data=data, private=private
    )


def _first_rows(name: str) -> tuple[str, list[str], list[list[str]], int, int]:
    """Delimiter, header, some rows, and where the rows begin; raises ImportUnusable, Unreadable."""
    with tables.opened(name) as stream:
        delimiter = tables.delimiter_of(stream)
        rows = tables.records(stream, delimiter=delimiter)
        first = next(rows, None)
        if first is None:
            raise ImportUnusable(_("This file has no header."))
        if len(first.cells) > MAX_COLUMNS:
            words = _("A file may have %(count)s columns.")
            raise ImportUnusable(words % {"count": MAX_COLUMNS})
        sample: list[list[str]] = []
        try:
            sample += (record.cells for record in islice(rows, SAMPLE_ROWS))
        except tables.Unreadable:
            if not sample:  # else the check says where the reading ends
                raise
    if not sample:
        raise ImportUnusable(_("This file has a header but no rows."))
    header = [_short(cell) for cell in first.cells]
    shown = [[_short(cell) for cell in row[: len(header)]] for row in sample]
    return delimiter, header, shown, first.offset, first.line


def _short(cell: str) -> str:
    """A cell as it is shown: short, and without signs that cannot be."""
    return "".join(c for c in cell.strip()[:SAMPLE_CELL] if c.isprintable())


def _proposal(header: list[str]) -> Proposal:
    """How the columns are meant: as in the last import where it had them, else by their header."""
    last = RegistrationImport.objects.exclude(state=ImportState.MAPPING).order_by("-pk").first()
    before = {}
    if last is not None:
        before = {key: last.header[at] for key, at in last.mapping.items() if at < len(last.header)}
    return propose(header, before)


def _day_first() -> bool:
    """How 03/04/2026 was meant the last time; day first until somebody says otherwise."""
    last = RegistrationImport.objects.exclude(state=ImportState.MAPPING).order_by("-pk")
    known = last.values_list("day_first", flat=True).first()
    return True if known is None else known


def _check_mapping(file: RegistrationImport, mapping: Mapping[str, int]) -> None:
    for key in REQUIRED:
        if key not in mapping:
            label = BY_KEY[key].label
            raise ImportUnusable(_("Choose the column for: %(column)s.") % {"column": label}, key)
    outside = [at for at in mapping.values() if not 0 <= at < len(file.header)]
    if set(mapping) - set(BY_KEY) or outside:
        raise ImportUnusable(_("This column is not in the file."))
    for key, at in mapping.items():
        if list(mapping.values()).count(at) > 1 and key not in REQUIRED[:1]:
            words = _("%(column)s: this column of the file is chosen twice.")
            raise ImportUnusable(words % {"column": BY_KEY[key].label}, key)


def _forget_file(file: RegistrationImport) -> None:
    name = file.name
    file.change(name="", sample=[])
    if name:
        transaction.on_commit(lambda: tables.remove(name))


def _locked(file: RegistrationImport, *states: str) -> RegistrationImport:
    fresh = RegistrationImport.objects.select_for_update().get(pk=file.pk)
    if fresh.state not in states:
        raise ImportMoved
    return fresh


def _ring(file: RegistrationImport) -> None:
    """Ask for the job, and ring so that it begins at once."""
    due.schedule(KIND, str(file.uid), clock.now(), subject=str(file.uid))
    drain.delay_on_commit()
