"""The doorbell for due work."""

from celery import shared_task

from prm.celery import TenantTask

SECONDS = 60


@shared_task(ignore_result=True)
def tick() -> None:
    """Find tenants with due rows, with one query, and queue a drain for each."""
    from prm import clock
    from prm.tenancy import context
    from prm.tenancy.fanout import tenants_with

    with clock.scope():
        due = tenants_with("prm_due_row", "parked_at IS NULL AND due_at <= %s", [clock.now()])
    for schema in due:
        with context.entered(schema):
            drain.delay()


@shared_task(base=TenantTask, ignore_result=True)
def drain() -> None:
    """Run what is due in this tenant; after a minute, give the worker back and queue the rest."""
    from time import monotonic

    from prm import due

    began = monotonic()
    due.drain(seconds=SECONDS)
    if monotonic() - began >= SECONDS:
        drain.delay()
