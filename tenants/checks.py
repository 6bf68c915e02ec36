"""Start-up checks: a demo never listens where strangers are, and never sends mail."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from tenants.demo import guard


@register(Tags.security)
def demo_is_harmless(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Return errors for a demo that others could reach or that could send mail."""
    if not settings.DEMO:
        return []
    errors: list[CheckMessage] = []
    if not guard.is_local(settings.BIND) and not settings.DEMO_OPEN:
        errors.append(
            Error(
                "A demo signs anybody in, and this one would listen beyond this machine.",
                hint="Leave PRM_BIND at 127.0.0.1, or set PRM_DEMO_OPEN=1 if you mean it.",
                id="tenants.E001",
            )
        )
    if settings.EMAIL_BACKEND != guard.CAPTURE_BACKEND:
        errors.append(Error("A demo can only capture mail, never send it.", id="tenants.E002"))
    return errors
