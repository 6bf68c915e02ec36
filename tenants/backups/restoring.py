"""Restore a backup into a schema of its own, beside whatever serves: nothing that exists is touched."""

import json
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from psycopg import sql

from prm import clock, events
from prm.tenancy.database import connection
from prm.uploads import tenant_folder
from tenants import blueprint, schemas
from tenants.backups import copying, manifest
from tenants.backups.manifest import FILES, MANIFEST, ROWS, STATEMENTS, BackupRefused, Manifest
from tenants.models import Tenant


@dataclass(frozen=True, slots=True)
class Restored:
    """Where a backup was restored to, what it says, and how many private parts were erased again."""

    schema: str
    manifest: Manifest
    erased: int


def restore(source: Path, schema: str) -> Restored:
    """Restore a backup to a new schema: rows, sequences, files; proven equal, then brought up to date.

    What was erased since the backup is erased again. Raises BackupRefused for a damaged file, a name
    that is taken, and a backup of another release that does not say how its schema is made; nothing
    is left behind then.
    """
    connection.set_schema_to_public()
    if not source.is_file():
        raise BackupRefused(f"There is no file {source}.")
    with _unpacked(source) as inside, schemas.building(schema) as mine:
        if not mine or schema in schemas.taken() or tenant_folder(schema).exists():
            raise BackupRefused(f"The name {schema} is taken, by a schema or by files.")
        said = manifest.read(inside / MANIFEST)
        _require_whole(inside, said)
        target = Tenant(schema_name=schema, name=said.name, uid=said.uid)
        try:
            _make(target, said, inside)
            _fill(schema, said, inside)
            erased = _finish(target, said, inside)
        except BaseException:
            schemas.drop(target)
            shutil.rmtree(tenant_folder(schema), ignore_errors=True)
            raise
    return Restored(schema, said, erased)


@contextmanager
def _unpacked(source: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="restore-") as folder:
        try:
            with tarfile.open(source, "r:gz") as archive:
                archive.extractall(folder, filter="data")
        except (tarfile.TarError, EOFError, OSError) as error:
            raise BackupRefused(f"{source} is damaged, or no backup of a tenant.") from error
        yield Path(folder)


def _require_whole(inside: Path, said: Manifest) -> None:
    """Compare every member with the digest that the manifest has of it."""
    wanted = {f"{ROWS}/{name}": table.sha256 for name, table in said.tables.items()}
    wanted |= {f"{FILES}/{name}": digest for name, digest in said.files.items()}
    wanted |= said.members
    for name, digest in wanted.items():
        path = inside / name
        if not path.is_file() or manifest.digest_of(path) != digest:
            raise BackupRefused(f"The backup is damaged: {name} is not what was written.")


def _make(target: Tenant, said: Manifest, inside: Path) -> None:
    """Make the empty schema as it was: by the backup's own statements, or by this release's migrations."""
    if STATEMENTS in said.members:
        blueprint.replay(target.schema_name, json.loads((inside / STATEMENTS).read_text()))
        return
    if set(said.migrations) != schemas.wanted():
        raise BackupRefused(
            "The backup is of another release and does not hold how its schema is made;"
            " restore it with that release."
        )
    schemas.make(target)


@transaction.atomic
def _fill(schema: str, said: Manifest, inside: Path) -> None:
    """Copy the rows in, past our own triggers, and prove that they read as they did."""
    found = copying.columns_of(schema)
    if found != {name: table.columns for name, table in said.tables.items()}:
        raise BackupRefused("The backup's tables are not those that its migrations make.")
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SET LOCAL search_path = {}, public").format(sql.Identifier(schema)))
        copying.spell_alike()
        tables = [sql.Identifier(schema, table) for table in sorted(found)]
        _triggers(tables, "DISABLE")
        cursor.execute(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(tables)))
        for name, table in said.tables.items():
            copying.copy_in(schema, name, table.columns, inside / ROWS / name)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # foreign keys speak now
        _triggers(tables, "ENABLE")
        for name, last in said.sequences.items():
            cursor.execute("SELECT setval(%s::regclass, %s)", [f'"{schema}"."{name}"', last])
    _prove(schema, said)


def _triggers(tables: list[sql.Identifier], what: str) -> None:
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(sql.SQL("ALTER TABLE {} {} TRIGGER USER").format(table, sql.SQL(what)))


def _prove(schema: str, said: Manifest) -> None:
    for name, table in copying.digests_of(schema).items():
        if table != said.tables[name]:
            raise BackupRefused(f"The rows of {name} do not read as they were written.")


def _finish(target: Tenant, said: Manifest, inside: Path) -> int:
    """Put the files in place, bring the schema to this release, erase again what was erased since."""
    if (inside / FILES).exists():
        folder = tenant_folder(target.schema_name)
        folder.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(inside / FILES, folder)
        _keep_private(folder)
    if schemas.lacking([target.schema_name]):
        schemas.migrate(target.schema_name)
    connection.set_tenant(target)
    try:
        with clock.scope():
            return events.erase_again(since=said.at)
    finally:
        connection.set_schema_to_public()


def _keep_private(folder: Path) -> None:
    folder.chmod(0o700)
    for path in folder.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
