"""The drill: a tenant is backed up, changed, damaged, restored beside, compared row by row, put in place."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from benchmarks import database, generator, server
from benchmarks.figures import Figure, machine
from prm import events
from prm.tenancy import context
from prm.uploads import tenant_folder
from tenants import backups
from tenants.backups import copying
from tenants.backups.manifest import Rows, digest_of
from tenants.models import Tenant
from tenants.services import NewTenant, create_tenant
from users.models import User

SHARE = 10
"""A tenth of the size: so many registrations bring more than 100,000 rows with them at the usual size."""
NEIGHBOURS = ("neighbour_1", "neighbour_2")
SIDE = f"{database.TENANT}_restored"
FILES = 50
ERASING = {"prm_event", "prm_event_detail", "prm_pending_seal"}
"""Where erasing once more leaves its mark; every other table must be as it was, byte by byte."""
_DAMAGE = (
    "UPDATE {}.users_user SET name = 'Nobody'",
    "DELETE FROM {}.registrations_protectionholder",
    "DROP TABLE {}.prm_due_row",
)

Digests = dict[str, Rows]


def run(size: int, say: generator.Say) -> Iterator[Figure]:
    """Drill one restore beside two neighbours."""
    with database.copy_of(max(size // SHARE, 50), say), tempfile.TemporaryDirectory() as folder:
        for schema in NEIGHBOURS:
            _forget(schema)
            create_tenant(NewTenant(schema, schema, f"{schema.replace('_', '-')}.localhost"))
        with context.entered(database.TENANT):
            seller = User.objects.get(email=generator.SELLER)
            events.record("user.drilled", target=seller, actor=None, private={"name": seller.name})
        files = _write_files()
        try:
            yield from _drill(Path(folder) / "backup.tar.gz", files, say)
        finally:
            connection.close()
            for schema in (database.TENANT, SIDE, *_kept()):
                _forget(schema)


def _drill(file: Path, files: dict[str, str], say: generator.Say) -> Iterator[Figure]:
    before = {schema: _digests(schema) for schema in (database.TENANT, *NEIGHBOURS)}
    say("taking the backup")
    started = time.perf_counter()
    said = backups.take(database.TENANT, file)
    taken = time.perf_counter() - started
    erased = _change_and_damage()
    say(f"restoring {said.rows} rows")
    started = time.perf_counter()
    restored = backups.restore(file, SIDE)
    seconds = time.perf_counter() - started
    found = _digests(SIDE)
    wrong = [name for name, table in before[database.TENANT].items() if found.get(name) != table]
    differing = len(set(wrong) - ERASING) + (restored.erased != erased) + (_files(SIDE) != files)
    started = time.perf_counter()
    backups.switch_over(restored)
    switched = time.perf_counter() - started
    differing += _digests(database.TENANT) != found
    others = sum(_digests(schema) != before[schema] for schema in NEIGHBOURS)
    about: dict[str, Any] = {
        "rows": said.rows, "tables": len(said.tables), "files": len(files), "bytes": file.stat().st_size,
        "erased again": restored.erased, "postgresql": server.database_version(), **machine(),
    }  # fmt: skip
    yield Figure("drill.backup", taken, "s", conditions=about)
    yield Figure("drill.restore", seconds, "s", 60, conditions=about)
    yield Figure("drill.switch", switched, "s", conditions=about)
    yield Figure("drill.differing", differing, "tables", 0, conditions=about)
    yield Figure("drill.others_changed", others, "tenants", 0, conditions=about)


def _change_and_damage() -> int:
    """Erase a person, which a restore must repeat, then do what nobody should; return how much was erased."""
    with context.entered(database.TENANT):
        erased = events.erase(User.objects.get(email=generator.SELLER), actor=None)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for statement in _DAMAGE:
            cursor.execute(statement.format(database.TENANT))
    Tenant.objects.filter(schema_name=database.TENANT).update(
        suspended_at="2026-01-01T00:00Z", suspended_because="Drill"
    )
    return erased


@transaction.atomic
def _digests(schema: str) -> Digests:
    return copying.digests_of(schema)


def _write_files() -> dict[str, str]:
    _forget(database.TENANT)
    _forget(SIDE)
    folder = tenant_folder(database.TENANT) / "drill"
    folder.mkdir(parents=True)
    for number in range(FILES):
        (folder / f"{number}.pdf").write_bytes(b"%PDF-1.7 " + bytes([number]) * 20_000)
    return _files(database.TENANT)


def _files(schema: str) -> dict[str, str]:
    folder = tenant_folder(schema)
    return {
        path.relative_to(folder).as_posix(): digest_of(path)
        for path in folder.rglob("*")
        if path.is_file()
    }


def _kept() -> list[str]:
    parent = tenant_folder(database.TENANT).parent
    return [path.name for path in parent.glob(f"{database.TENANT}_before_*")]


def _forget(schema: str) -> None:
    shutil.rmtree(tenant_folder(schema), ignore_errors=True)
