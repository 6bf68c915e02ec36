"""Put what operators do on record, in the ledger of their own tenant."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from prm import events
from prm.access import Actor
from prm.tenancy import context
from tenants.models import Tenant

RESERVED = "portal.reserved"
OPENED = "portal.opened"
FAILED = "portal.failed"
RETRIED = "portal.retried"
SUSPENDED = "portal.suspended"
RESUMED = "portal.resumed"
BACKED_UP = "portal.backed_up"
RESTORED = "portal.restored"
RENAMED = "portal.renamed"
EXPORT_ASKED = "portal.export-asked"
EXPORTED = "portal.exported"
EXPORT_FAILED = "portal.export-failed"
EXPORT_FETCHED = "portal.export-fetched"
EXPORT_REMOVED = "portal.export-removed"
DELETION_ASKED = "portal.deletion-asked"
DELETION_CANCELLED = "portal.deletion-cancelled"
DELETION_BEGUN = "portal.deletion-begun"
DELETED = "portal.deleted"

NAMES = {
    RESERVED: _("Name and host reserved"),
    OPENED: _("Portal opened"),
    FAILED: _("Opening failed"),
    RETRIED: _("Opening tried again"),
    SUSPENDED: _("Portal suspended"),
    RESUMED: _("Portal resumed"),
    BACKED_UP: _("Backup taken"),
    RESTORED: _("Portal restored from a backup"),
    RENAMED: _("Host name changed"),
    EXPORT_ASKED: _("Export asked for"),
    EXPORTED: _("Export written"),
    EXPORT_FAILED: _("Export failed"),
    EXPORT_FETCHED: _("Export downloaded"),
    EXPORT_REMOVED: _("Export removed"),
    DELETION_ASKED: _("Deletion asked for"),
    DELETION_CANCELLED: _("Deletion cancelled"),
    DELETION_BEGUN: _("Deletion begun"),
    DELETED: _("Portal deleted"),
}


def put(
    code: str,
    tenant: Tenant,
    *,
    actor: Actor | None,
    data: Mapping[str, Any] | None = None,
    private: Mapping[str, Any] | None = None,
) -> None:
    """Record one event in the operators' ledger, in the caller's transaction.

    Before the operators' tenant itself exists there is no ledger to write to; nothing happens then.
    """
    ops = Tenant.objects.filter(schema_name=settings.OPS_SCHEMA).first()
    if ops is None or not ops.ready:
        return
    with context.entered(ops.schema_name):
        events.record(
            code,
            target=tenant,
            actor=actor,
            data={"schema": tenant.schema_name, **(data or {})},
            private=private,
        )
