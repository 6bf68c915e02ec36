"""Jobs of the operators' console; they run in public and name their tenant themselves."""

from datetime import timedelta

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


@app.task(ignore_result=True)
def tick() -> None:
    """Queue the openings whose job was lost: never tried, or tried and silent since."""
    from django.db.models import Q

    from prm import clock
    from tenants.models import Tenant

    silent = Q(opening__tried_at=None) | Q(opening__tried_at__lt=clock.now() - STUCK_AFTER)
    waiting = Tenant.objects.filter(silent, ready=False, failure="", opening__isnull=False)
    for schema in waiting.values_list("schema_name", flat=True):
        build_portal.delay(schema)


@app.task(ignore_result=True)
def compare_schemas() -> None:
    """Compare every schema once a day; asked every hour, so that a night without beat costs an hour."""
    from prm import clock
    from tenants import drift

    last = drift.last_check()
    if last is None or last.checked_at <= clock.now() - COMPARED_EVERY:
        drift.check()
