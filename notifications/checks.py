"""Start-up checks: every kind has its wording, and a lease outlasts an exchange with the relay."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from notifications import delivery, kinds

WAITS = 11  # commands of one exchange, opening included, that may each wait for a whole time-out


@register()
def kinds_have_wording(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Return an error for every part of a kind's wording that does not exist."""
    return [
        Error(f"The notice {kind.code} lacks templates/{kind.path(part)}.", id="notifications.E001")
        for kind in kinds.registered()
        for part in kinds.PARTS
        if not _exists(kind.path(part))
    ]


@register()
def lease_is_long_enough(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Return an error if the relay could take longer than a worker's lease on a message."""
    longest = settings.EMAIL_TIMEOUT
    if longest and longest * WAITS < delivery.LEASE.total_seconds():
        return []
    return [
        Error(
            "EMAIL_TIMEOUT must be set, and short enough for notifications.delivery.LEASE.",
            id="notifications.E002",
        )
    ]


def _exists(name: str) -> bool:
    try:
        get_template(name)
    except TemplateDoesNotExist:
        return False
    return True
