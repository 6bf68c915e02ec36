"""The doorbell for sealing."""

from celery import shared_task

from prm.celery import TenantTask


@shared_task(ignore_result=True)
def seal() -> None:
    """Find tenants with unsealed events, with one query, and queue a sealer for each."""
    from prm.tenancy import context
    from prm.tenancy.fanout import tenants_with

    for schema in tenants_with("prm_pending_seal", "true"):
        with context.entered(schema):
            seal_tenant.delay()


@shared_task(base=TenantTask, ignore_result=True)
def seal_tenant() -> None:
    """Seal what waits in this tenant."""
    from prm.events.sealing import seal_pending

    seal_pending()
