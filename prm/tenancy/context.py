"""Which tenant is active, and how to enter one. Domain code never needs this."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol, cast
from uuid import UUID

from django_tenants.utils import get_public_schema_name, get_tenant_model

from prm.tenancy.database import connection


class TenantLike(Protocol):
    """What the kernel knows of a tenant."""

    pk: Any
    uid: UUID
    schema_name: str
    is_demo: bool


class NoTenant(Exception):
    """Something that needs a tenant ran in the public schema."""


def schema() -> str:
    """Return the active tenant's schema; raise NoTenant in public."""
    name = cast(str, connection.schema_name)
    if name == get_public_schema_name():
        raise NoTenant("This needs a tenant, and none is active.")
    return name


def current() -> TenantLike:
    """Return the active tenant's row; raise NoTenant in public."""
    name = schema()
    tenant = connection.tenant
    if getattr(tenant, "uid", None) is None:
        tenant = get_tenant_model().objects.get(schema_name=name)
        connection.tenant = tenant
    return cast(TenantLike, tenant)


def salt(purpose: str) -> str:
    """Return a signing salt that differs per tenant and purpose: nothing signed here verifies there."""
    return f"{current().uid}:{purpose}"


def base_url() -> str:
    """Return the active tenant's address, for links in mails: scheme, host and port."""
    return str(getattr(current(), "address", ""))


@contextmanager
def entered(schema_name: str) -> Iterator[TenantLike]:
    """Enter a tenant by schema name; raise NoTenant for public or an unknown one."""
    outer = connection.tenant
    connection.set_schema_to_public()
    try:
        if schema_name == get_public_schema_name():
            raise NoTenant("The public schema is not a tenant.")
        tenant = get_tenant_model().objects.filter(schema_name=schema_name).first()
        if tenant is None:
            raise NoTenant(f"There is no tenant {schema_name!r}.")
        connection.set_tenant(tenant)
        yield cast(TenantLike, tenant)
    finally:
        connection.set_tenant(outer)
