"""Jobs of the operators' console; they run in public and name their tenant themselves."""

from datetime import timedelta
from typing import Any

from prm.celery import app

STUCK_AFTER = timedelta(minutes=6)  # longer than a task may run
COMPARED_EVERY = timedelta(hours=23)


@app.task(ignore_result=True)
def build_portal(schema: str) -> None:
    """Build one reserved portal; a second delivery of the same job finds nothing to do."""
    from tenants.models import Tenant
    from tenants.services import build_tenant

    tenant = Tenant.objects.filter(schema_name=schema, ready=False, failure="").first()
    if tenant is not None:
        build_tenant(tenant)


@app.task(ignore_result=True, bind=True)
def delete_portal(self: Any, schema: str) -> None:
    """Delete one portal whose day has come; a second delivery finds nothing to do."""
    from tenants.models import Tenant
    from tenants.removal import delete_now

    tenant = Tenant.objects.filter(schema_name=schema).first()
    if tenant is not None:
        delete_now(tenant, job=self.request.id or "")


@app.task(ignore_result=True, time_limit=3_600, soft_time_limit=3_540)
def write_export(uid: str) -> None:
    """Write one export; a second delivery finds it written, or being written."""
    from tenants.exports import write
    from tenants.models import Export

    export = Export.objects.filter(uid=uid, finished_at=None, failure="").first()
    if export is not None:
        write(export)


@app.task(ignore_result=True)
def tick() -> None:
    """Queue what was lost or has come due: openings, deletions, exports; forget what is over."""
    from prm import clock
    from tenants import exports, removal, renaming

    with clock.scope():
        _queue_lost_openings()
        for schema in removal.due():
            removal.delete_soon(schema)
        exports.queue_lost()
        exports.remove_expired()
        renaming.forget_retired()


def _queue_lost_openings() -> None:
    """Openings that were never tried, or tried and silent since."""
    from django.db.models import Q

    from prm import clock
    from tenants.models import Tenant

    silent = Q(opening__tried_at=None) | Q(opening__tried_at__lt=clock.now() - STUCK_AFTER)
    waiting = Tenant.objects.filter(silent, ready=False, failure="", opening__isnull=False)
    for schema in waiting.filter(suspended_at=None).values_list("schema_name", flat=True):
        build_portal.delay(schema)


@app.task(ignore_result=True)
def compare_schemas() -> None:
    """Compare every schema once a day; asked every hour, so that a night without beat costs an hour."""
    from prm import clock
    from tenants import drift

    last = drift.last_check()
    if last is None or last.checked_at <= clock.now() - COMPARED_EVERY:
        drift.check()
