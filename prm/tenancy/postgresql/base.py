"""django-tenants' database back end, which also counts transactions.

`prm.clock` reads the time once per transaction; only the connection knows where one ends.
"""

from typing import Any

from django_tenants.postgresql_backend import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Adds `transaction_serial`, which changes whenever a transaction ends."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.transaction_serial = 0
        super().__init__(*args, **kwargs)

    def _commit(self) -> Any:
        self.transaction_serial += 1
        return super()._commit()

    def _rollback(self) -> Any:
        self.transaction_serial += 1
        return super()._rollback()

    def close(self) -> None:
        """Close the connection; what it knew of the time goes with it."""
        self.transaction_serial += 1
        super().close()
