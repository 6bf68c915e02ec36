"""Tokens of password resets, which open in their own tenant only."""

from typing import Any

from allauth.account.forms import EmailAwarePasswordResetTokenGenerator

from prm.tenancy import context


class ResetTokens(EmailAwarePasswordResetTokenGenerator):
    """As allauth makes them, bound to the tenant: a copy of the person's row elsewhere is not enough."""

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        made = super()._make_hash_value(user, timestamp)
        return f"{made}{context.salt('password-reset')}"
