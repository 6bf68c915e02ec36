"""A journal of what a merge changed, row by row, and how it is taken back.

It holds ids and single columns; whole rows only where a merge deletes or makes one, and only of this
room's small tables. What other rooms re-point needs no entry of theirs: every column that refers to
a company is compared before and after.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.apps import apps
from django.db import connection, models
from psycopg import sql

from companies.models import Company

STRICT, SOFT, FORCE = "strict", "soft", "force"
"""What happens to a row that was changed since: the undo is refused; it stays; it is set anyway."""

_WHOLE = "SELECT to_jsonb(t) FROM {table} AS t WHERE id = ANY(%s) ORDER BY id"
_PUT_BACK = """
INSERT INTO {table} SELECT * FROM jsonb_populate_record(NULL::{table}, %s::jsonb)
ON CONFLICT DO NOTHING
"""

Entry = dict[str, Any]
Pointing = dict[tuple[str, str], set[Any]]


class ChangedSince(Exception):
    """A row that moved was changed or removed since, so the merge cannot be taken back.

    `model` and `pk` name the row; `row` is what it is now, or None if it is gone.
    """

    def __init__(self, model: type[models.Model], pk: Any) -> None:
        self.model, self.pk = model, pk
        self.row = model._default_manager.filter(pk=pk).first()
        super().__init__(f"{model._meta.label} {pk}")


class Journal:
    """Writes and remembers; `entries` goes into `CompanyMerge.journal`."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def update(self, rows: models.QuerySet[Any], mode: str = STRICT, **values: Any) -> list[Any]:
        """Set the rows' columns (named as in the database) to values; returns their keys."""
        model = rows.model
        names = list(values)
        before: dict[tuple[Any, ...], list[Any]] = {}
        for pk, *old in rows.order_by("pk").values_list("pk", *names):
            before.setdefault(tuple(old), []).append(pk)
        keys = [pk for pks in before.values() for pk in pks]
        if keys:
            model._default_manager.filter(pk__in=keys).update(**values)
        for old_values, pks in before.items():
            self._note(model, mode, names, old_values, values.values(), pks)
        return keys

    def delete(self, rows: models.QuerySet[Any]) -> None:
        """Delete rows of this room, remembering all of each."""
        model = rows.model
        keys = list(rows.values_list("pk", flat=True))
        for row in _whole(model, keys):
            self.entries.append({"op": "deleted", "table": model._meta.label, "row": row})
        model._default_manager.filter(pk__in=keys).delete()

    def create(self, row: models.Model) -> None:
        """Write a new row of this room, remembering all of it."""
        row.save(force_insert=True)
        (whole,) = _whole(type(row), [row.pk])
        self.entries.append({"op": "created", "table": row._meta.label, "row": whole})

    def note_moved(self, before: Pointing, loser: Company, winner: Company) -> None:
        """Remember which of the rows that pointed to the loser other rooms have re-pointed."""
        after = pointing_at(winner)
        for (label, column), keys in before.items():
            moved = sorted(keys & after[label, column])
            if moved:
                model = apps.get_model(label)
                self._note(model, STRICT, [column], [loser.pk], [winner.pk], moved)

    def _note(
        self,
        model: type[models.Model],
        mode: str,
        names: list[str],
        before: Iterable[Any],
        after: Iterable[Any],
        keys: list[Any],
    ) -> None:
        self.entries.append(
            {
                "op": "set",
                "table": model._meta.label,
                "mode": mode,
                "columns": names,
                "before": [_plain(value) for value in before],
                "after": [_plain(value) for value in after],
                "keys": keys,
            }
        )


def pointing_at(company: Company) -> Pointing:
    """The keys of other rooms' rows that refer to a company, by table and column."""
    return {
        (model._meta.label, column): set(
            model._default_manager.filter(**{column: company.pk}).values_list("pk", flat=True)
        )
        for model, column in _columns()
    }


def referred_to(companies: Iterable[int]) -> set[int]:
    """Which of these companies rows of other rooms refer to."""
    keys = list(companies)
    return {
        pk
        for model, column in _columns()
        for pk in model._default_manager.filter(**{f"{column}__in": keys}).values_list(
            column, flat=True
        )
    }


def moved_rows(entries: Iterable[Entry]) -> Mapping[str, set[Any]]:
    """The keys of the rows that moved to the winner, by table: for the rooms above to check."""
    found: dict[str, set[Any]] = {}
    for entry in entries:
        if entry["op"] == "set" and entry["columns"] == ["company_id"]:
            found.setdefault(entry["table"], set()).update(entry["keys"])
    return found


def take_back(entries: Iterable[Entry]) -> None:
    """Undo the entries, the last one first. Raises ChangedSince; wants a transaction."""
    for entry in reversed(list(entries)):
        model = apps.get_model(entry["table"])
        if entry["op"] == "set":
            _set_back(model, entry)
        elif entry["op"] == "deleted":
            _put_back(model, entry["row"])
        elif _whole(model, [entry["row"]["id"]]) == [entry["row"]]:
            model._default_manager.filter(pk=entry["row"]["id"]).delete()


def _set_back(model: type[models.Model], entry: Entry) -> None:
    names, keys = entry["columns"], set(entry["keys"])
    rows = model._default_manager.filter(pk__in=keys)
    now = {pk: [_plain(v) for v in values] for pk, *values in rows.values_list("pk", *names)}
    for pk in sorted(keys):
        if now.get(pk) != entry["after"] and entry["mode"] == STRICT:
            raise ChangedSince(model, pk)
    if entry["mode"] == SOFT:
        keys = {pk for pk in keys if now.get(pk) == entry["after"]}
    if keys:
        values = {
            name: _column(model, name).to_python(value)
            for name, value in zip(names, entry["before"], strict=True)
        }
        model._default_manager.filter(pk__in=keys).update(**values)


def _column(model: type[models.Model], name: str) -> models.Field[Any, Any]:
    """The field behind a column's name."""
    return next(field for field in model._meta.concrete_fields if field.attname == name)


def _put_back(model: type[models.Model], row: Mapping[str, Any]) -> None:
    """Insert a whole row again, unless a newer one has taken its place."""
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL(_PUT_BACK).format(table=sql.Identifier(model._meta.db_table)),
            [json.dumps(row)],
        )


def _whole(model: type[models.Model], keys: list[Any]) -> list[dict[str, Any]]:
    """Rows as the database writes them: exact to the last digit of a time."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(_WHOLE).format(table=sql.Identifier(model._meta.db_table)), [keys])
        return [_parsed(row) for (row,) in cursor.fetchall()]


def _columns() -> list[tuple[type[models.Model], str]]:
    """Every column of a room above that refers to a company."""
    return [
        (model, field.attname)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label != "companies"
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model is Company
    ]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value  # a datetime is one too


def _parsed(row: Any) -> dict[str, Any]:
    """Django leaves JSON of raw statements as text."""
    parsed: dict[str, Any] = json.loads(row) if isinstance(row, str) else row
    return parsed
