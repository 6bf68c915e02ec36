"""Reads of the operators' console."""

from django.db.models import OuterRef, Q, QuerySet, Subquery

from tenants.enums import PortalState
from tenants.models import Domain, Tenant

_CONDITIONS = {
    PortalState.LEAVING: Q(delete_at__isnull=False),
    PortalState.SUSPENDED: Q(suspended_at__isnull=False, delete_at=None),
    PortalState.LIVE: Q(ready=True, suspended_at=None),
    PortalState.FAILED: Q(ready=False, suspended_at=None) & ~Q(failure=""),
    PortalState.OPENING: Q(ready=False, suspended_at=None, failure=""),
}


def portals() -> QuerySet[Tenant]:
    """Return every portal with its main host as `main_host`; one query."""
    main = Domain.objects.filter(tenant=OuterRef("pk"), is_primary=True).values("domain")[:1]
    found: QuerySet[Tenant] = Tenant.objects.annotate(main_host=Subquery(main))
    return found


def in_state(queryset: QuerySet[Tenant], state: PortalState) -> QuerySet[Tenant]:
    """Narrow portals to a state; the same states as `Tenant.state`."""
    return queryset.filter(_CONDITIONS[state])


def find_portals(queryset: QuerySet[Tenant], text: str) -> QuerySet[Tenant]:
    """Narrow portals to those whose name or any host holds the text."""
    hosts = Domain.objects.filter(domain__icontains=text).values("tenant")
    return queryset.filter(Q(name__icontains=text) | Q(pk__in=hosts))


def portal_at(host: str) -> Tenant | None:
    """Return the portal that answers under a host name, if there is one; a retired name finds none."""
    known = Domain.objects.select_related("tenant").filter(retired_at=None)
    domain = known.filter(domain=host.lower()).first()
    return domain.tenant if domain else None
