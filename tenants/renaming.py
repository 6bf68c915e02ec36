"""Give a portal another host name; the old one leads to the new one for a time, or to nothing."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django_tenants.utils import get_public_schema_name, schema_context

from prm import clock
from prm.access import Actor, require
from tenants import record
from tenants.models import Domain, Tenant
from tenants.policies import can_rename
from tenants.services import NotPossibleNow, lock_row, one_at_a_time, take_host

DAYS = 90  # as long as the links in mails may be expected to be used


@transaction.atomic
def rename_host(
    tenant: Tenant, *, host: str, actor: Actor | None, redirect_days: int = DAYS
) -> Tenant:
    """Make `host` the portal's address; the old one redirects for so many days, with 0 not at all.

    Cookies belong to one host, so everybody signs in again. Links that were sent lead on while the old
    name redirects. Records portal.renamed. `actor` None is the command line. Raises HostTaken,
    NotPossibleNow.
    """
    require(can_rename(actor, tenant) if actor else not tenant.is_reserved)
    one_at_a_time()
    tenant = lock_row(tenant)
    if tenant.delete_at is not None:
        raise NotPossibleNow(_("This portal is to be deleted. Cancel the deletion first."))
    old = tenant.host
    if old == host:
        raise NotPossibleNow(_("The portal already answers at this host name."))
    with schema_context(get_public_schema_name()):
        _retire(tenant, old, redirect_days)
        Domain.objects.filter(tenant=tenant, domain=host).delete()  # its own old name, taken back
        take_host(tenant, host)
    tenant.__dict__.pop("host", None)
    names = {"from": old, "to": host}
    record.put(
        record.RENAMED, tenant, actor=actor, data={"redirect_days": redirect_days}, private=names
    )
    return tenant


@transaction.atomic
def forget_retired() -> int:
    """Let go of host names whose time is over; return how many. They answered nothing already."""
    gone, _each = Domain.objects.filter(until__lte=clock.now()).delete()
    return int(gone)


def _retire(tenant: Tenant, host: str, days: int) -> None:
    old = Domain.objects.filter(tenant=tenant, domain=host)
    if days <= 0:
        old.delete()
        return
    now = clock.now()
    old.update(is_primary=False, retired_at=now, until=now + timedelta(days=days))
