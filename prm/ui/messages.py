"""Messages after a redirect, in a cookie that is read at its own portal only."""

from typing import Any

from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage
from django.core import signing

from prm.tenancy import context


class TenantCookieStorage(CookieStorage):
    """Django's, signed with a salt of the tenant: what one portal said, another does not repeat."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.signer = signing.get_cookie_signer(salt=context.salt("messages"))


class TenantStorage(FallbackStorage):
    """The cookie, and the session for what does not fit into it."""

    storage_classes = (TenantCookieStorage, SessionStorage)
