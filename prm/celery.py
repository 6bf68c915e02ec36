"""Celery, and the task base that keeps a task in the tenant it was queued from."""

import os
from typing import Any

from celery import Celery
from celery.contrib.django.task import DjangoTask
from django.db import transaction

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prm.settings.dev")

SCHEMA_HEADER = "prm_schema"


class TenantTask(DjangoTask):
    """A task that runs in the schema of the tenant it was queued from.

    The schema travels in the message header. Queueing or running without a tenant raises NoTenant:
    no header never means "public".
    """

    abstract = True

    def apply_async(self, args: Any = None, kwargs: Any = None, **options: Any) -> Any:
        """Queue the task, stamped with the active tenant."""
        from prm.tenancy import context  # noqa: PLC0415 - needs loaded apps

        headers = {**(options.pop("headers", None) or {})}
        headers.setdefault(SCHEMA_HEADER, options.pop("schema", None) or context.schema())
        return super().apply_async(args, kwargs, headers=headers, **options)

    def apply_async_on_commit(self, args: Any = None, kwargs: Any = None, **options: Any) -> None:
        """Queue after the commit, stamped with the tenant of now."""
        from prm.tenancy import context  # noqa: PLC0415 - needs loaded apps

        schema = context.schema()
        transaction.on_commit(lambda: self.apply_async(args, kwargs, schema=schema, **options))

    def delay_on_commit(self, *args: Any, **kwargs: Any) -> None:
        """Queue after the commit."""
        self.apply_async_on_commit(args, kwargs)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run inside the header's tenant; called directly, in the tenant that is active."""
        from prm import clock  # noqa: PLC0415 - needs loaded apps
        from prm.tenancy import context  # noqa: PLC0415 - needs loaded apps

        if self.request.called_directly:
            context.schema()
            return super().__call__(*args, **kwargs)
        schema = (self.request.headers or {}).get(SCHEMA_HEADER) or getattr(
            self.request, SCHEMA_HEADER, None
        )
        if not schema:
            raise context.NoTenant(f"{self.name} arrived without a tenant.")
        with context.entered(schema), clock.scope():
            return super().__call__(*args, **kwargs)


app = Celery("prm")
app.set_default()  # web threads too: without it they would queue to a default app's broker
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(
    lambda: [
        "prm.installation",
        "prm.due",
        "prm.events",
        "notifications",
        "tenants",
        "registrations",
    ]
)
