"""A portal on its way out: renamed once, exported for its vendor, and with a day of deletion."""

from django.conf import settings

from prm.tenancy import context
from tenants import exports, removal, renaming
from tenants.models import Tenant
from tenants.services import NewTenant, create_tenant
from users.models import User

SCHEMA, NAME = "initech", "Initech"
REASON = "The vendor has ended its contract"


def plant() -> None:
    """Make the portal, unless it is there, and take it through an operator's hands."""
    if Tenant.objects.filter(schema_name=SCHEMA).exists():
        return
    base = settings.BASE_DOMAIN
    tenant = create_tenant(NewTenant(SCHEMA, NAME, f"initech-pilot.{base}", country="US"))
    with context.entered(settings.OPS_SCHEMA):
        olga = User.objects.order_by("pk").first()
        assert olga is not None
        renaming.rename_host(tenant, host=f"initech.{base}", actor=olga)
    exports.write(exports.ask_export(tenant, actor=None))
    with context.entered(settings.OPS_SCHEMA):
        removal.ask_deletion(tenant, reason=REASON, actor=olga)
