"""Delete a portal without a trace, after a time in which it can be cancelled.

Asking suspends the portal at once. When its day has come a job removes, in this order, the schema, the
files, the cache's keys and the queued jobs, and at last the rows in public, in one transaction with the
entry in the operators' ledger. Every step may be repeated, and the portal's row goes last: whatever
kills the job, the tick finds the row and the next job goes on.
"""

from collections.abc import Iterator
from datetime import timedelta

import structlog
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django_tenants.utils import get_public_schema_name, schema_context
from kombu.exceptions import OperationalError

from prm import clock
from prm.access import Actor, require
from prm.tenancy.database import connection
from tenants import record, schemas, traces
from tenants.enums import PortalState
from tenants.models import Tenant
from tenants.policies import can_delete
from tenants.services import NotPossibleNow, change_row, lock_row

log = structlog.get_logger(__name__)
DAYS = 30
LOCK_TIMEOUT = (
    "20s"  # for a request or a job that still reads the schema; then the tick tries again
)


@transaction.atomic
def ask_deletion(tenant: Tenant, *, reason: str, actor: Actor | None, days: int = DAYS) -> Tenant:
    """Suspend a portal now and have it deleted after so many days; 0 days is the next tick.

    Records portal.deletion-asked. `actor` None is the command line. Raises NotPossibleNow.
    """
    require(can_delete(actor, tenant) if actor else not tenant.is_reserved)
    tenant = lock_row(tenant)
    if tenant.state == PortalState.LEAVING:
        raise NotPossibleNow(_("This portal is to be deleted already."))
    if tenant.state == PortalState.OPENING:
        raise NotPossibleNow(_("This portal is being opened. Wait until it is live or has failed."))
    now = clock.now()
    change_row(
        tenant,
        suspended_at=tenant.suspended_at or now,
        suspended_because=reason,
        delete_at=now + timedelta(days=days),
    )
    data, private = {"days": days}, {"reason": reason, "name": tenant.name, "host": tenant.host}
    record.put(record.DELETION_ASKED, tenant, actor=actor, data=data, private=private)
    return tenant


@transaction.atomic
def cancel_deletion(tenant: Tenant, *, actor: Actor | None) -> Tenant:
    """Keep a portal that was to be deleted; it stays suspended until it is resumed.

    Records portal.deletion-cancelled. Raises NotPossibleNow once the deletion has begun.
    """
    require(can_delete(actor, tenant) if actor else not tenant.is_reserved)
    tenant = lock_row(tenant)
    if tenant.delete_at is None:
        raise NotPossibleNow(_("This portal is not to be deleted."))
    if tenant.deleting_since is not None:
        raise NotPossibleNow(_("The deletion has begun and cannot be cancelled."))
    change_row(tenant, delete_at=None)
    record.put(record.DELETION_CANCELLED, tenant, actor=actor)
    return tenant


def delete_now(tenant: Tenant, *, job: str = "") -> bool:
    """Remove a portal whose day has come; return whether it is gone now. Safe to repeat at any point.

    One remover at a time, and none beside a builder. `job` is the id of the job that calls.
    """
    with schemas.building(tenant.schema_name) as mine:
        if not mine or not _begin(tenant):
            return False
        tenant = Tenant.objects.get(pk=tenant.pk)
        for step in steps(tenant, job):
            log.info("portal being deleted", schema=tenant.schema_name, gone=step)
    return True


def steps(tenant: Tenant, job: str = "") -> Iterator[str]:
    """Remove one kind of trace after the other, yielding the name of what is gone."""
    _drop_schema(tenant)
    yield "schema"
    traces.remove_files(tenant)
    yield "files"
    traces.remove_cache_keys(tenant)
    yield "cache"
    traces.remove_jobs(tenant, but=job)
    yield "jobs"
    _forget(tenant)
    yield "rows"


def due() -> list[str]:
    """Return the schemas of the portals whose day of deletion has come."""
    found = Tenant.objects.filter(delete_at__lte=clock.now()).order_by("delete_at")
    return list(found.values_list("schema_name", flat=True))


def delete_soon(schema: str) -> None:
    """Queue the deletion; without a broker the tick finds the portal later."""
    from tenants.tasks import delete_portal  # noqa: PLC0415 - the task comes back to this module

    try:
        delete_portal.apply_async([schema], retry=False)
    except OperationalError:
        log.warning("job not queued; the tick will find the portal", schema=schema)


@transaction.atomic
def _begin(tenant: Tenant) -> bool:
    """Pass the point of no return; False if it was cancelled, is not due, or is gone already."""
    found = Tenant.objects.select_for_update().filter(pk=tenant.pk).first()
    now = clock.now()
    if found is None or found.is_reserved or found.delete_at is None or found.delete_at > now:
        return False
    if found.deleting_since is None:
        change_row(found, deleting_since=now)
        record.put(record.DELETION_BEGUN, found, actor=None)
    return True


def _drop_schema(tenant: Tenant) -> None:
    connection.set_schema_to_public()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LOCK_TIMEOUT])
        schemas.drop(tenant)


def _forget(tenant: Tenant) -> None:
    """Delete the rows in public, and put on record that it is done, in one transaction."""
    with transaction.atomic(), schema_context(get_public_schema_name()):
        record.put(record.DELETED, tenant, actor=None)
        traces.remove_files(tenant)  # what a last request wrote meanwhile
        Tenant.objects.filter(pk=tenant.pk).delete()
