"""The doorbell's task, and the tick that finds what nobody rang for."""

from celery import shared_task

from prm.celery import TenantTask

NOTICE_DUE = "state = 'WAITING' AND not_before <= %s"
MESSAGE_DUE = (
    "(state = 'QUEUED' AND next_at <= %s) OR (state = 'SENDING' AND lease_until <= %s)"
    " OR (state = 'UNCERTAIN' AND next_at <= %s)"
)


@shared_task(ignore_result=True)
def tick() -> None:
    """Find tenants with something due about mails, one query per table, and queue a run for each."""
    from prm import clock
    from prm.tenancy import context
    from prm.tenancy.fanout import tenants_with

    with clock.scope():
        now = clock.now()
        due = {*tenants_with("notifications_notice", NOTICE_DUE, [now])}
        due |= {*tenants_with("notifications_message", MESSAGE_DUE, [now] * 3)}
    for schema in sorted(due):
        with context.entered(schema):
            deliver.delay()


@shared_task(base=TenantTask, ignore_result=True)
def deliver() -> None:
    """Do what is due about mails in this tenant; goes on in a new task when there is much."""
    from notifications import delivery

    if delivery.deliver() >= delivery.LIMIT:
        deliver.delay()
