"""Make many small transactions cheap, where nothing is lost if the machine stops meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from prm.tenancy.database import connection


@contextmanager
def transactions() -> Iterator[None]:
    """In this process, commits do not wait for the disk and the schema is not named with every cursor.

    For the demo only: its seed can start over, its clock can be moved again.
    """
    before, settings.TENANT_LIMIT_SET_CALLS = settings.TENANT_LIMIT_SET_CALLS, True
    _set("SET synchronous_commit TO off")
    try:
        yield
    finally:
        settings.TENANT_LIMIT_SET_CALLS = before
        _set("RESET synchronous_commit")


def _set(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
