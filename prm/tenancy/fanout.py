"""Find the tenants that have something to do, with one query."""

from django_tenants.utils import get_public_schema_name, get_tenant_model
from psycopg import sql

from prm.tenancy.database import connection


def live_tenants() -> list[str]:
    """Return the schema names of tenants that are ready and not suspended, in name order."""
    tenants = get_tenant_model().objects.filter(ready=True, suspended_at=None)
    return list(tenants.order_by("schema_name").values_list("schema_name", flat=True))


def tenants_with(table: str, condition: str, params: list[object] | None = None) -> list[str]:
    """Return the live tenants whose `table` has a row under `condition` (trusted SQL with %s).

    One UNION ALL over all schemas: the truth, with no copy that could be stale.
    """
    schemas = live_tenants()
    if not schemas:
        return []
    probes = [
        sql.SQL("SELECT {name} WHERE EXISTS (SELECT 1 FROM {table} WHERE {condition})").format(
            name=sql.Literal(schema),
            table=sql.Identifier(schema, table),
            condition=sql.SQL(condition),
        )
        for schema in schemas
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(" UNION ALL ").join(probes), (params or []) * len(schemas))
        return [row[0] for row in cursor.fetchall()]


def in_public() -> bool:
    """Return whether no tenant is active."""
    return bool(connection.schema_name == get_public_schema_name())
