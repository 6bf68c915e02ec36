"""A list of companies from upload to undo: every step but the work on its rows.

Upload → match the columns → check (a job that writes nothing to the directory) → load (a job) →
undo within a day (a job). Jobs work through a due row, one batch per transaction: a killed worker
loses nothing, and the next one goes on where the last batch ended.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from companies import tasks
from companies.enums import Designation, LoadState, RowOutcome
from companies.loads.columns import BY_KEY, MAX_COLUMNS, guess
from companies.models import CompanyLoad
from companies.policies import can_manage_companies
from companies.services.load_checking import check_batch
from companies.services.load_undoing import undo_batch
from companies.services.load_writing import load_batch
from companies.services.writing import checked_country
from prm import clock, due, events, tables
from prm.access import Actor, require
from prm.due.tasks import drain

KIND = "companies.load"
CLEAN = "companies.load-clean"
UNDO_WITHIN = timedelta(hours=24)
KEEP_REPORT = timedelta(days=30)
SAMPLE_ROWS = 3
SAMPLE_CELL = 80


class LoadUnusable(ValueError):
    """The list cannot go on like this; the text says why, ready to show. `field` is the form's."""

    def __init__(self, text: str, field: str = "") -> None:
        super().__init__(text)
        self.field = field


class LoadMoved(Exception):
    """The list is at another step already; nothing was changed."""


@transaction.atomic
def start_load(upload: UploadedFile[Any], *, actor: Actor) -> CompanyLoad:
    """Keep an uploaded list and guess its columns. Records `company-list.uploaded`.

    Raises PermissionDenied, `prm.uploads.UploadRefused`, LoadUnusable for a list without rows.
    """
    require(can_manage_companies(actor))
    stored = tables.accept(upload, "company-lists")
    try:
        delimiter, header, sample, offset, line = _first_rows(stored.name)
    except (tables.Unreadable, LoadUnusable) as error:
        tables.remove(stored.name)
        raise LoadUnusable(str(error), "file") from error
    load = CompanyLoad.objects.create(
        by_id=actor.pk,
        name=stored.name,
        original_name=stored.original_name,
        size=stored.size,
        delimiter=delimiter,
        header=header,
        sample=sample,
        mapping=_remembered(header) or guess(header),
        offset=offset,
        line=line,
    )
    data = {"size": stored.size, "digest": stored.sha256}
    private = {"file": stored.original_name}
    events.record("company-list.uploaded", target=load, actor=actor, data=data, private=private)
    return load


@transaction.atomic
def map_columns(
    load: CompanyLoad,
    mapping: Mapping[str, int],
    *,
    designation: str = "",
    country: str = "",
    actor: Actor,
) -> CompanyLoad:
    """Say which column is which, and begin to check. Nothing is written to the directory.

    Mapping again before loading checks anew. Raises PermissionDenied, LoadUnusable, LoadMoved.
    """
    require(can_manage_companies(actor))
    load = _locked(load, LoadState.MAPPING, LoadState.CHECKED)
    _check_mapping(load, mapping)
    load.entries.all().delete()
    with tables.opened(load.name) as stream:
        first = next(tables.records(stream, delimiter=load.delimiter))
    _set(
        load,
        state=LoadState.CHECKING,
        mapping=dict(mapping),
        designation=Designation(designation).value if designation else "",
        country=checked_country(country),
        offset=first.offset,
        line=first.line,
        **dict.fromkeys(("rows", "creates", "updates", "skips", "errors"), 0),
        **dict.fromkeys(("alike", "alike_looked_at"), 0),
    )
    _ring(load)
    return load


@transaction.atomic
def begin_loading(load: CompanyLoad, *, actor: Actor) -> CompanyLoad:
    """Load what was checked. Records `company-list.begun`. Raises PermissionDenied, LoadMoved."""
    require(can_manage_companies(actor))
    load = _locked(load, LoadState.CHECKED)
    _set(load, state=LoadState.LOADING, began_at=clock.now(), done=0)
    data = {"creates": load.creates, "updates": load.updates, "errors": load.errors}
    events.record("company-list.begun", target=load, actor=actor, data=data)
    _ring(load)
    return load


@transaction.atomic
def discard_load(load: CompanyLoad, *, actor: Actor) -> CompanyLoad:
    """Throw a list away before it is loaded. Records `company-list.discarded`.

    Raises PermissionDenied, LoadMoved.
    """
    require(can_manage_companies(actor))
    load = _locked(load, LoadState.MAPPING, LoadState.CHECKING, LoadState.CHECKED)
    due.cancel(KIND, str(load.uid))
    load.entries.all().delete()
    name = load.name
    _set(load, state=LoadState.DISCARDED, name="", sample=[])
    transaction.on_commit(lambda: tables.remove(name))
    events.record("company-list.discarded", target=load, actor=actor)
    return load


@transaction.atomic
def begin_undo(load: CompanyLoad, *, actor: Actor) -> CompanyLoad:
    """Take back what a list did, within a day. Records `company-list.undone`.

    What was used or changed since is kept and reported. Raises PermissionDenied, LoadMoved,
    LoadUnusable when the day is over.
    """
    require(can_manage_companies(actor))
    load = _locked(load, LoadState.LOADED)
    if clock.now() >= undo_until(load):
        raise LoadUnusable(_("A list can be undone for 24 hours. That time is over."))
    _set(load, state=LoadState.UNDOING, done=0, kept_rows=0)
    events.record("company-list.undone", target=load, actor=actor)
    _ring(load)
    return load


def undo_until(load: CompanyLoad) -> datetime:
    """Until when a loaded list can be undone."""
    assert load.loaded_at is not None
    return load.loaded_at + UNDO_WITHIN


@transaction.atomic
def work(uid: str) -> datetime | None:
    """Do the next batch of a list's job; returns when to go on, or None when it is done.

    The caller holds the job's due row, so no two workers do the same batch.
    """
    load = CompanyLoad.objects.select_for_update().filter(uid=uid).first()
    if load is None:
        return None
    steps = {
        LoadState.CHECKING.value: (check_batch, _checked),
        LoadState.LOADING.value: (load_batch, _loaded),
        LoadState.UNDOING.value: (undo_batch, _undone),
    }
    if load.state not in steps:
        return None
    step, finish = steps[load.state]
    if step(load):
        return clock.now()
    finish(load)
    return None


@transaction.atomic
def clean(uid: str) -> datetime | None:
    """Forget the file and rows of a list when their time is over; returns when to look again."""
    load = CompanyLoad.objects.select_for_update().filter(uid=uid).first()
    if load is None or load.loaded_at is None:
        return None
    if load.name:
        name = load.name
        _set(load, name="", sample=[])
        transaction.on_commit(lambda: tables.remove(name))
        load.entries.exclude(outcome=RowOutcome.ERROR).filter(cause="").delete()
        return load.loaded_at + KEEP_REPORT
    load.entries.all().delete()
    return None


def _checked(load: CompanyLoad) -> None:
    _set(load, state=LoadState.CHECKED, checked_at=clock.now())


def _loaded(load: CompanyLoad) -> None:
    _set(load, state=LoadState.LOADED, loaded_at=clock.now())
    due.schedule(CLEAN, str(load.uid), undo_until(load), subject=str(load.uid))
    _recount()
    data = {"created": load.created_rows, "updated": load.updated_rows, "failed": load.failed_rows}
    events.record("company-list.loaded", target=load, actor=None, data=data)


def _undone(load: CompanyLoad) -> None:
    _set(load, state=LoadState.UNDONE, undone_at=clock.now())
    _recount()


def _recount() -> None:
    """Many names came or went: how common words are is counted anew soon, not within the hour."""
    due.schedule(tasks.KIND, "keys", clock.now())


def _first_rows(name: str) -> tuple[str, list[str], list[list[str]], int, int]:
    """Delimiter, header, some rows, and where the rows begin; raises LoadUnusable, Unreadable."""
    with tables.opened(name) as stream:
        delimiter = tables.delimiter_of(stream)
        rows = tables.records(stream, delimiter=delimiter)
        first = next(rows, None)
        if first is None:
            raise LoadUnusable(_("This list has no header."))
        if len(first.cells) > MAX_COLUMNS:
            raise LoadUnusable(_("A list may have %(count)s columns.") % {"count": MAX_COLUMNS})
        sample: list[list[str]] = []
        try:
            sample += (record.cells for record in islice(rows, SAMPLE_ROWS))
        except tables.Unreadable:
            if not sample:  # else the check says where the reading ends
                raise
    if not sample:
        raise LoadUnusable(_("This list has a header but no rows."))
    header = [cell.strip()[:SAMPLE_CELL] for cell in first.cells]
    shown = [[cell.strip()[:SAMPLE_CELL] for cell in row[: len(header)]] for row in sample]
    return delimiter, header, shown, first.offset, first.line


def _remembered(header: list[str]) -> dict[str, int] | None:
    """How the last list with the same header was mapped."""
    before = CompanyLoad.objects.filter(header=header).exclude(state=LoadState.MAPPING)
    return before.order_by("-pk").values_list("mapping", flat=True).first()


def _check_mapping(load: CompanyLoad, mapping: Mapping[str, int]) -> None:
    if "name" not in mapping:
        raise LoadUnusable(_("Choose the column that holds the company’s name."), "name")
    unknown = set(mapping) - set(BY_KEY)
    outside = [at for at in mapping.values() if not 0 <= at < len(load.header)]
    if unknown or outside:
        raise LoadUnusable(_("This column is not in the list."))
    for key, at in mapping.items():
        if list(mapping.values()).count(at) > 1 and key != "name":
            label = BY_KEY[key].label
            text = _("%(column)s: this column of the list is chosen twice.") % {"column": label}
            raise LoadUnusable(text, key)


def _locked(load: CompanyLoad, *states: str) -> CompanyLoad:
    fresh = CompanyLoad.objects.select_for_update().get(pk=load.pk)
    if fresh.state not in states:
        raise LoadMoved
    return fresh


def _set(load: CompanyLoad, **values: Any) -> None:
    for name, value in values.items():
        setattr(load, name, value)
    load.save(update_fields=list(values))


def _ring(load: CompanyLoad) -> None:
    """Ask for the job, and ring so that it begins at once."""
    due.schedule(KIND, str(load.uid), clock.now(), subject=str(load.uid))
    drain.delay_on_commit()
