"""Put a restored schema in the place of the one that serves; what was there stays under another name."""

from datetime import datetime

from django.db import transaction
from psycopg import sql

from prm import clock
from prm.tenancy.database import connection
from prm.uploads import tenant_folder
from tenants import record, schemas
from tenants.backups.manifest import BackupRefused
from tenants.backups.restoring import Restored
from tenants.models import Domain, Tenant

WAIT_SECONDS = 30


def switch_over(restored: Restored) -> str:
    """Rename the restored schema to its tenant's; return the name under which the old one is kept, or "".

    The portal must be suspended: who writes meanwhile would write into what is put away. Waits at most
    30 s for transactions that have begun. A tenant that public no longer knows comes back with its name
    and hosts; one that is known keeps those of today. Records portal.restored. Raises BackupRefused.
    """
    schema = restored.manifest.schema
    connection.set_schema_to_public()
    with schemas.building(schema) as mine:
        if not mine:
            raise BackupRefused(f"Another process builds or migrates {schema} now.")
        before = _kept_name(schema, clock.now())
        with transaction.atomic():
            tenant = Tenant.objects.select_for_update().filter(schema_name=schema).first()
            _require_rest(tenant)
            replaced = _rename(schema, before, restored.schema)
            tenant = tenant or _revive(restored)
            record.put(record.RESTORED, tenant, actor=None, data={"erased": restored.erased})
        _rename_folders(schema, before, restored.schema)
    return before if replaced else ""


def require_possible(schema: str) -> None:
    """Raise BackupRefused if a switch would be refused now; asked before the work of a restore."""
    connection.set_schema_to_public()
    _require_rest(Tenant.objects.filter(schema_name=schema).first())


def _require_rest(tenant: Tenant | None) -> None:
    if tenant and not tenant.is_reserved and tenant.suspended_at is None:
        raise BackupRefused("Suspend the portal first: nobody may write meanwhile.")


def _kept_name(schema: str, now: datetime) -> str:
    return f"{schema}_before_{now:%y%m%d%H%M%S}"


def _rename(schema: str, before: str, side: str) -> bool:
    """Rename both schemas in the caller's transaction; return whether there was one to put away."""
    name = sql.Identifier
    rename = sql.SQL("ALTER SCHEMA {} RENAME TO {}")
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{WAIT_SECONDS}s"])
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", [schema])
        tables = [name(schema, table) for (table,) in cursor.fetchall()]
        if tables:
            cursor.execute(
                sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(sql.SQL(", ").join(tables))
            )
        cursor.execute("SELECT to_regnamespace(%s) IS NOT NULL", [f'"{schema}"'])
        there = bool(cursor.fetchone()[0])
        if there:
            cursor.execute(rename.format(name(schema), name(before)))
        cursor.execute(rename.format(name(side), name(schema)))
    return there


def _revive(restored: Restored) -> Tenant:
    """Write the tenant's own rows in public again; suspended, so that an operator looks first."""
    said = restored.manifest
    (row,) = said.public["tenants_tenant"]
    tenant: Tenant = Tenant.objects.create(
        schema_name=said.schema,
        uid=said.uid,
        name=said.name,
        is_demo=row["is_demo"],
        ready=True,
        created_at=row["created_at"],
        ready_at=row["ready_at"],
        suspended_at=clock.now(),
        suspended_because="Restored from a backup",
    )
    for domain in said.public["tenants_domain"]:
        Domain.objects.create(
            tenant=tenant, domain=domain["domain"], is_primary=domain["is_primary"]
        )
    return tenant


def _rename_folders(schema: str, before: str, side: str) -> None:
    """Move the files after the rows; a run that ends between leaves both folders, and nothing is lost."""
    for old, new in ((schema, before), (side, schema)):
        if tenant_folder(old).exists():
            tenant_folder(old).rename(tenant_folder(new))
