"""Exports of portals: asked for by an operator, written by a job, kept for some days."""

import hashlib
import os
from datetime import timedelta
from pathlib import Path

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from kombu.exceptions import OperationalError

from prm import clock
from prm.access import Actor, require
from prm.tenancy import context
from prm.tenancy.database import connection
from prm.uploads import tenant_folder
from tenants import archive, record, schemas
from tenants.models import Export, Tenant
from tenants.policies import can_export
from tenants.services import NotPossibleNow

log = structlog.get_logger(__name__)
DAYS = 7
STUCK_AFTER = timedelta(minutes=65)  # longer than the job may run


def ask_export(tenant: Tenant, *, actor: Actor | None) -> Export:
    """Have a portal's data written into an archive; one at a time. Suspended portals too.

    Records portal.export-asked. `actor` None is the command line, which writes it itself. Raises
    NotPossibleNow.
    """
    require(can_export(actor, tenant) if actor else not tenant.is_reserved)
    if not tenant.ready or tenant.deleting_since is not None:
        raise NotPossibleNow(_("This portal has no data that could be exported."))
    export = Export(tenant=tenant, asked_by=actor.uid if actor else None)
    try:
        with transaction.atomic():
            export.save(force_insert=True)
            record.put(record.EXPORT_ASKED, tenant, actor=actor)
    except IntegrityError as error:
        raise NotPossibleNow(_("An export of this portal is being written already.")) from error
    if actor is not None:
        transaction.on_commit(lambda: _queue(export))
    return export


def write(export: Export) -> bool:
    """Write the archive, whole or not at all; False if another process writes it. Safe to repeat.

    Records portal.exported, or portal.export-failed with the error kept on the row, and raises it.
    """
    tenant = export.tenant
    with schemas.building(tenant.schema_name, "export") as mine:
        if not mine:
            return False
        _save(export, tried_at=clock.now())
        path = path_of(export)
        try:
            tables = _write(tenant, path)
            _finish(export, path, tables)
        except Exception as error:
            _fail(export, path, error)
            raise
    return True


@transaction.atomic
def fetch(export: Export, *, actor: Actor) -> Export:
    """Note that an operator takes a finished archive away. Records portal.export-fetched.

    Raises NotPossibleNow when it is not finished or no longer there.
    """
    require(can_export(actor, export.tenant))
    if export.until is None or export.until <= clock.now() or not path_of(export).is_file():
        raise NotPossibleNow(_("This export is not there any more. Ask for a new one."))
    record.put(record.EXPORT_FETCHED, export.tenant, actor=actor, data={"export": str(export.uid)})
    return export


def remove_expired() -> int:
    """Delete archives whose last day is over, and failures as old; return how many.

    Records portal.export-removed for each archive.
    """
    now = clock.now()
    old = Q(until__lte=now) | (~Q(failure="") & Q(asked_at__lte=now - timedelta(days=DAYS)))
    gone = list(Export.objects.filter(old).select_related("tenant"))
    for export in gone:
        with transaction.atomic():
            path_of(export).unlink(missing_ok=True)
            if export.until is not None:
                data = {"export": str(export.uid)}
                record.put(record.EXPORT_REMOVED, export.tenant, actor=None, data=data)
            Export.objects.filter(pk=export.pk).delete()
    return len(gone)


def queue_lost() -> None:
    """Queue the exports whose job was lost: never tried, or tried and silent since."""
    silent = Q(tried_at=None) | Q(tried_at__lt=clock.now() - STUCK_AFTER)
    for export in Export.objects.filter(silent, finished_at=None, failure=""):
        _queue(export)


def path_of(export: Export) -> Path:
    """Return where the archive is kept: in the operators' private folder, not in the portal's."""
    return tenant_folder(settings.OPS_SCHEMA) / export.name


def _write(tenant: Tenant, path: Path) -> int:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_suffix(".part")
    opener = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(opener, "wb") as stream, context.entered(tenant.schema_name):
        tables = archive.write(stream)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(path)
    return tables


def _finish(export: Export, path: Path, tables: int) -> None:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    now, size = clock.now(), path.stat().st_size
    data = {"export": str(export.uid), "bytes": size, "sha256": digest, "tables": tables}
    with transaction.atomic():
        until = now + timedelta(days=DAYS)
        _save(export, finished_at=now, until=until, size=size, sha256=digest)
        record.put(record.EXPORTED, export.tenant, actor=None, data=data)


def _fail(export: Export, path: Path, error: Exception) -> None:
    connection.set_schema_to_public()
    path.with_suffix(".part").unlink(missing_ok=True)
    log.error("export not written", schema=export.tenant.schema_name, exc_info=error)
    with transaction.atomic():
        _save(export, failure=f"{type(error).__name__}: {error}"[:2_000])
        data = {"error": type(error).__name__}
        record.put(record.EXPORT_FAILED, export.tenant, actor=None, data=data)


def _save(export: Export, **values: object) -> None:
    for name, value in values.items():
        setattr(export, name, value)
    Export.objects.filter(pk=export.pk).update(**values)


def _queue(export: Export) -> None:
    from tenants.tasks import write_export  # noqa: PLC0415 - the task comes back to this module

    try:
        write_export.apply_async([str(export.uid)], retry=False)
    except OperationalError:
        log.warning("job not queued; the tick will find the export", uid=str(export.uid))
