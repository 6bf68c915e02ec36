"""Whether this request may use the demo's doors. They open without a password: every bolt counts."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest
from django_tenants.utils import get_public_schema_name

from prm.http import client_address
from tenants.models import Tenant

CAPTURE_BACKEND = "notifications.capture.CaptureBackend"
_FORWARDED = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP")


def is_local(address: str) -> bool:
    """Return whether an address or host name is this very machine."""
    if address == "localhost":
        return True
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(ip, "ipv4_mapped", None)
    return (mapped or ip).is_loopback


def comes_from_here(request: HttpRequest) -> bool:
    """Return whether the server listens here only and the peer is this machine, by no proxy.

    The Host header proves nothing and is not asked. PRM_DEMO_OPEN waives this for a demo that is
    meant to be shared.
    """
    if settings.DEMO_OPEN:
        return True
    if any(request.META.get(name) for name in _FORWARDED):
        return False
    return is_local(settings.BIND) and is_local(client_address(request))


def only_demo_tenants() -> bool:
    """Return whether every portal of this database is a demo; one query."""
    real = Tenant.objects.exclude(schema_name=get_public_schema_name()).filter(is_demo=False)
    return not real.exists()


def admits(request: HttpRequest) -> bool:
    """Return whether the demo's doors are open to this request."""
    return (
        bool(settings.DEMO)
        and settings.EMAIL_BACKEND == CAPTURE_BACKEND
        and comes_from_here(request)
        and only_demo_tenants()
    )
