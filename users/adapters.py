"""What allauth asks us: nobody signs up, who carries mails, how secrets are stored, whom to slow down."""

import base64
import hmac
import time
from collections.abc import Callable
from typing import Any

import structlog
from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import reverse
from django.utils.encoding import force_bytes

from prm import clock, events, portal
from prm.tenancy import context
from users import limits, policies
from users.models import User

Mailer = Callable[[str, str, dict[str, Any]], None]

log = structlog.get_logger(__name__)
_mailers: list[Mailer] = []

# What allauth tells a person by mail about their account, and the event it is.
SECURITY_EVENTS = {
    "account/email/password_changed": "user.password_changed",
    "account/email/password_set": "user.password_changed",
    "account/email/password_reset": "user.password_reset",
    "mfa/email/totp_activated": "user.second_factor_set",
    "mfa/email/totp_deactivated": "user.second_factor_removed",
    "mfa/email/recovery_codes_generated": "user.recovery_codes_made",
}
QUIET = {"account/messages/logged_in.txt"}  # the page one lands on says enough


def register_mailer(mailer: Mailer) -> None:
    """Let `mailer(template_prefix, email, context)` write allauth's mails; the last one does it."""
    _mailers[:] = [mailer]


def display_name(user: User) -> str:
    """Return how allauth's pages call a person."""
    return user.name


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by invitation only, mails through the portal's own messages."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: people are invited."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return the first page; each portal decides what that is."""
        return "/"

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Return to the sign-in page."""
        return reverse("account_login")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Return to where the change was started."""
        return reverse("users:security")

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the peer's address; a server on a Unix socket has none, and that is no reason to fail."""
        try:
            return str(super().get_client_ip(request))
        except PermissionDenied:
            return "unknown"

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        """Pass allauth's messages on, except those that only say the obvious."""
        if message_template not in QUIET:
            super().add_message(request, level, message_template, *args, **kwargs)

    # --- mails -----------------------------------------------------------------------------------

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Hand a mail to whoever writes mails; without anybody it is only logged, never its links."""
        if not _mailers:
            log.warning("account mail has no mailer", template=template_prefix)
        for mailer in _mailers:
            mailer(template_prefix, email, {"request": self.request, "email": email, **context})

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Any,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Record what happened to a person's account, and tell the person by mail."""
        if code := SECURITY_EVENTS.get(template_prefix):
            events.record(code, target=user, actor=user)
        told = {"user": user, "timestamp": clock.now(), **(context or {})}
        self.send_mail(template_prefix, email or user.email, told)

    # --- limits ----------------------------------------------------------------------------------

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count failures per address and peer: nobody locks out another person, or from elsewhere."""
        return f"{_address(credentials)}|{self.get_client_ip(request)}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse an attempt beyond the limits: per address and peer, per address, per peer in all."""
        super().pre_authenticate(request, **credentials)
        everywhere = ratelimit.consume(
            request, app="allauth.account", action="login_failed_address", key=_address(credentials)
        )
        if not everywhere or not limits.may_try(self.get_client_ip(request)):
            raise self.validation_error("too_many_login_attempts")
        self._everywhere = everywhere

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Check a password; a success does not count against the limits."""
        user = super().authenticate(request, **credentials)
        if user:
            self._everywhere.rollback()
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the failure against the peer, whichever portal it tried."""
        limits.failed(self.get_client_ip(request))

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        """Forget the failures of an address whose owner has just reset the password."""
        super()._delete_login_attempts_cached_email(request, **credentials)
        ratelimit.clear(
            request, app="allauth.account", action="login_failed_address", key=_address(credentials)
        )

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Do not ask again for a password typed in the last minutes to set up the second factor."""
        required = bool(super().is_reauthentication_required(app=app, **kwargs))
        return required and not (app == "allauth.mfa" and self._typed_password_recently())

    def _typed_password_recently(self) -> bool:
        records = get_authentication_records(self.request, self.request.user)
        typed = [record["at"] for record in records if record["method"] == "password"]
        age = time.time() - max(typed, default=0)  # noqa: TID251 - sessions stay on real time
        return bool(age < account_settings.REAUTHENTICATION_TIMEOUT)


class MfaAdapter(DefaultMFAAdapter):
    """Second factors: named after the portal, stored encrypted with a key of the tenant's own."""

    def get_totp_issuer(self) -> str:
        """Return what an authenticator app shows: the portal's name."""
        return portal.current().name

    def encrypt(self, text: str) -> str:
        """Encrypt a secret; it opens in this tenant only."""
        return _locker().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open a secret; one of another tenant or key opens as nothing, which no code matches."""
        try:
            return _locker().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            log.error("second factor cannot be decrypted")
            return ""

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """A second factor the portal asks for cannot be switched off by its owner."""
        return not policies.must_have_second_factor(authenticator.user)


def _address(credentials: dict[str, Any]) -> str:
    return str(credentials.get("email", "")).strip().lower()


def _locker() -> MultiFernet:
    """Return the tenant's cipher: the current key first, older ones for reading."""
    salt = context.salt("second-factor")
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derive(key, salt)) for key in keys])


def _derive(key: str | bytes, salt: str) -> bytes:
    return base64.urlsafe_b64encode(hmac.digest(force_bytes(key), salt.encode(), "sha256"))
