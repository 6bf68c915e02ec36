"""Cache keys carry the tenant: schema name and immutable id, so a re-made schema reads nothing old."""

from typing import Any

from prm.tenancy.database import connection


def make_key(key: str, key_prefix: str, version: Any) -> str:
    """Return prefix, tenant, version and key in one."""
    tenant = connection.tenant
    owner = getattr(tenant, "uid", "") or connection.schema_name
    return f"{key_prefix}:{owner}:{version}:{key}"
