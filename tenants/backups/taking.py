"""Take a backup of one tenant: one snapshot of its rows, then its files, into one compressed archive."""

import json
import os
import shutil
import tarfile
import tempfile
from pathlib import Path

from django.db import transaction

from prm import clock
from prm.tenancy.database import connection
from prm.uploads import tenant_folder
from tenants import blueprint, record, schemas
from tenants.backups import copying
from tenants.backups.manifest import (
    FILES,
    MANIFEST,
    ROWS,
    STATEMENTS,
    BackupRefused,
    Manifest,
    digest_of,
)
from tenants.models import Tenant

_PUBLIC = {
    "tenants_tenant": "SELECT to_jsonb(t) FROM public.tenants_tenant t WHERE schema_name = %s",
    "tenants_domain": "SELECT to_jsonb(d) FROM public.tenants_domain d"
    " JOIN public.tenants_tenant t ON t.id = d.tenant_id WHERE schema_name = %s ORDER BY d.id",
}


def take(schema: str, target: Path) -> Manifest:
    """Write a backup of one tenant to a file, which appears when it is whole; others go on meanwhile.

    Rows are of one instant. Files are never changed once written, so copying them after the rows gives
    every file that a row names, unless it was deleted in between. Records portal.backed_up.
    Raises BackupRefused for an unknown or unfinished tenant and an existing file.
    """
    connection.set_schema_to_public()
    tenant = Tenant.objects.filter(schema_name=schema, ready=True).first()
    if tenant is None:
        raise BackupRefused(f"There is no tenant {schema} that could be backed up.")
    if target.exists():
        raise BackupRefused(f"{target} exists already; a backup never replaces a file.")
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:
        inside = Path(folder)
        manifest = _rows(tenant, inside)
        _files(schema, manifest, inside)
        _statements(manifest, inside)
        manifest.write(inside / MANIFEST)
        _pack(inside, target)
    with transaction.atomic():
        record.put(record.BACKED_UP, tenant, actor=None, data={"rows": manifest.rows})
    return manifest


def _rows(tenant: Tenant, inside: Path) -> Manifest:
    """Copy every table, the sequences and what public knows of the tenant, all in one snapshot."""
    schema = tenant.schema_name
    (inside / ROWS).mkdir()
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        copying.spell_alike()
        manifest = Manifest(
            schema=schema,
            uid=str(tenant.uid),
            name=tenant.name,
            taken_at=clock.now().isoformat(),
            migrations=sorted(schemas.applied(schema)),
            public={table: _public(query, schema) for table, query in _PUBLIC.items()},
        )
        keys = copying.keys_of(schema)
        for table, columns in copying.columns_of(schema).items():
            blocks = copying.copy_out(schema, table, columns, keys.get(table, []))
            manifest.tables[table] = copying.keep(blocks, columns, inside / ROWS / table)
        manifest.sequences = copying.sequences_of(schema)
    return manifest


def _public(query: str, schema: str) -> list[dict[str, object]]:
    with connection.cursor() as cursor:
        cursor.execute(query, [schema])
        return [
            json.loads(row[0]) if isinstance(row[0], str) else row[0] for row in cursor.fetchall()
        ]


def _files(schema: str, manifest: Manifest, inside: Path) -> None:
    """Copy the tenant's private folder, with a digest of each file."""
    source = tenant_folder(schema)
    for path in sorted(source.rglob("*")) if source.exists() else []:
        if not path.is_file() or path.is_symlink():
            continue
        name = path.relative_to(source).as_posix()
        kept = inside / FILES / name
        kept.parent.mkdir(parents=True, exist_ok=True)
        try:
            shutil.copyfile(path, kept)
        except FileNotFoundError:
            continue  # deleted since it was listed
        manifest.files[name] = digest_of(kept)


def _statements(manifest: Manifest, inside: Path) -> None:
    """Keep the statements that make such a schema, so that a later release can restore it too."""
    if schemas.behind([manifest.schema]):
        return
    statements = blueprint.known()
    if statements is not None:
        path = inside / STATEMENTS
        path.write_text(json.dumps(statements))
        manifest.members[STATEMENTS] = digest_of(path)


def _pack(inside: Path, target: Path) -> None:
    """Write the archive beside its target and give it its name at once, readable by its owner only."""
    part = inside.with_suffix(".part")
    try:
        with (
            os.fdopen(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "wb") as stream,
            tarfile.open(fileobj=stream, mode="w:gz", compresslevel=1) as archive,
        ):
            archive.add(inside / MANIFEST, MANIFEST)
            for path in sorted(inside.rglob("*")):
                name = path.relative_to(inside).as_posix()
                if path.is_file() and name != MANIFEST:
                    archive.add(path, name)
        with part.open("rb") as written:
            os.fsync(written.fileno())
        os.link(part, target)
    finally:
        part.unlink(missing_ok=True)
