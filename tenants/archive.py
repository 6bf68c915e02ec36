"""The archive of one portal's data: a table per file, its files, and its ledger with its verifier.

    tables.csv        what each file in data/ holds: its name in the portal, its rows
    columns.csv       what each column means, and which table it refers to
    data/<table>.csv  every row, with a header, UTF-8
    files/…           uploads under the names that the rows give them
    ledger.jsonl      the sealed chain of events; `python verify_ledger.py ledger.jsonl` checks it
    README.txt        this text

Rows are read in one transaction at one instant. Secrets are no data: password digests, second factors,
sessions and the salts of the framework's own tables stay out.
"""

import csv
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from psycopg import sql

from prm import clock
from prm.events import extract
from prm.events.sealing import head
from prm.events.verify import links
from prm.tenancy import context
from prm.tenancy.database import connection
from prm.uploads import tenant_folder

SECRET_TABLES = frozenset({"django_session", "mfa_authenticator"})
SECRET_COLUMNS = frozenset({"password", "salt", "secret"})
FRAMEWORK = frozenset({"auth", "contenttypes", "sessions", "account", "mfa", "messages"})


def write(stream: IO[bytes]) -> int:
    """Write the active tenant's archive and return how many tables it holds.

    Needs to begin its own transaction, so that all rows are of one instant.
    """
    tables = list(_tables())
    with ZipFile(stream, "w", ZIP_DEFLATED, compresslevel=6) as archive, _one_instant():
        counts = {model: _write_table(archive, model) for model in tables}
        _write_ledger(archive)
        archive.writestr("tables.csv", _csv(_about_tables(counts)))
        archive.writestr("columns.csv", _csv(_about_columns(tables)))
        archive.writestr("verify_ledger.py", Path(extract.__file__).read_text())
        archive.writestr("README.txt", _readme())
        _write_files(archive)
    return len(tables)


@contextmanager
def _one_instant() -> Iterator[None]:
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _tables() -> Iterator[type[models.Model]]:
    """The models whose rows are a vendor's data, in the order of the apps."""
    wanted = set(settings.TENANT_APPS)
    for config in apps.get_app_configs():
        if config.name not in wanted or config.label in FRAMEWORK:
            continue
        for model in config.get_models(include_auto_created=True):
            real = model._meta.managed and not model._meta.proxy
            if real and model._meta.db_table not in SECRET_TABLES:
                yield model


def _columns(model: type[models.Model]) -> "list[models.Field[Any, Any]]":
    fields = model._meta.local_concrete_fields
    return [field for field in fields if field.column not in SECRET_COLUMNS]


def _write_table(archive: ZipFile, model: type[models.Model]) -> int:
    """Copy one table into the archive as the database writes it; nothing is held in memory."""
    name = model._meta.db_table
    with (
        archive.open(f"data/{name}.csv", "w", force_zip64=True) as file,
        connection.cursor() as cursor,
    ):
        with cursor.cursor.copy(_copy(model)) as rows:
            for block in rows:
                file.write(block)
        return int(cursor.cursor.rowcount)


def _copy(model: type[models.Model]) -> sql.Composed:
    statement = sql.SQL("COPY (SELECT {} FROM {} ORDER BY {}) TO STDOUT (FORMAT csv, HEADER)")
    pk = model._meta.pk
    assert pk is not None
    columns = [sql.Identifier(str(field.column)) for field in _columns(model)]
    table = sql.Identifier(context.schema(), model._meta.db_table)
    return statement.format(sql.SQL(", ").join(columns), table, sql.Identifier(str(pk.column)))


def _write_ledger(archive: ZipFile) -> None:
    top = head()
    header = {
        "format": extract.FORMAT,
        "first": 1,
        "previous": extract.GENESIS,
        "head": top.digest,
        "count": top.number,
        "written_at": extract.instant(clock.now()),
    }
    with archive.open("ledger.jsonl", "w", force_zip64=True) as file:
        file.write(json.dumps(header).encode() + b"\n")
        for link in links(upto=top.number):
            file.write(extract.dump(link).encode() + b"\n")


def _write_files(archive: ZipFile) -> None:
    folder = tenant_folder(context.schema())
    for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
        if path.is_file() and not path.is_symlink():
            archive.write(path, f"files/{path.relative_to(folder)}")


def _about_tables(counts: dict[type[models.Model], int]) -> Iterator[list[Any]]:
    yield ["file", "holds", "rows"]
    for model, count in counts.items():
        yield [f"data/{model._meta.db_table}.csv", str(model._meta.verbose_name_plural), count]


def _about_columns(tables: list[type[models.Model]]) -> Iterator[list[Any]]:
    yield ["file", "column", "means", "refers to", "values"]
    for model in tables:
        for field in _columns(model):
            other = field.remote_field.model if field.remote_field else None
            target = f"data/{other._meta.db_table}.csv" if other is not None else ""
            values = "; ".join(f"{value}={label}" for value, label in field.flatchoices)
            name = f"data/{model._meta.db_table}.csv"
            yield [name, field.column, str(field.verbose_name), target, values]


def _csv(rows: Iterator[list[Any]]) -> str:
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    return written.getvalue()


def _readme() -> str:
    about = (__doc__ or "").split("\n\n", 1)
    portal = context.current()
    return f"{portal}, as it was at {extract.instant(clock.now())}\n\n{about[0]}\n\n{about[1]}"
