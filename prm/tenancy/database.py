"""Django's connection, with the type of our back end: it knows tenants and counts transactions."""

from typing import TYPE_CHECKING, cast

from django.db import connection as _connection

if TYPE_CHECKING:
    from prm.tenancy.postgresql.base import DatabaseWrapper

connection = cast("DatabaseWrapper", _connection)
