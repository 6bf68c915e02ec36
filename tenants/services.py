"""Every write to tenants."""

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from prm.portal.services import set_up_portal
from prm.tenancy import context
from tenants import schemas
from tenants.models import Domain, Tenant


@dataclass(frozen=True, slots=True)
class NewTenant:
    """What it takes to open a portal."""

    schema_name: str
    name: str
    host: str
    language: str = "en"
    currency: str = "USD"
    zone: str = "UTC"
    country: str = ""


def create_tenant(new: NewTenant) -> Tenant:
    """Make a tenant with its schema, host and first settings; it answers once `ready` is true."""
    tenant = reserve_tenant(new)
    build_tenant(tenant, new)
    return tenant


@transaction.atomic
def reserve_tenant(new: NewTenant) -> Tenant:
    """Take the name and the host; the portal is not ready yet. Raises IntegrityError if taken."""
    tenant = Tenant(schema_name=new.schema_name, name=new.name, is_demo=settings.DEMO)
    tenant.save()
    Domain(tenant=tenant, domain=new.host, is_primary=True).save()
    return tenant


def build_tenant(tenant: Tenant, new: NewTenant) -> None:
    """Make the schema and the portal's first settings, then let it answer. Safe to repeat."""
    schemas.make(tenant)
    with context.entered(tenant.schema_name):
        set_up_portal(
            name=new.name,
            language=new.language,
            currency=new.currency,
            zone=new.zone,
            country=new.country,
        )
    tenant.ready = True
    tenant.failure = ""
    tenant.save(update_fields=["ready", "failure"])
