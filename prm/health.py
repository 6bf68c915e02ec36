"""/livez: this process answers. /readyz: a sign-in would work, and due work is being done."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse

STALE_SECONDS = 120
_started = time.monotonic()


class HealthMiddleware:
    """Answers the two health addresses on any host, before tenancy and sessions."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or pass on."""
        if request.path_info == "/livez":
            return HttpResponse("ok", content_type="text/plain")
        if request.path_info == "/readyz":
            return ready()
        return self.get_response(request)


def ready() -> HttpResponse:
    """Return 200 with the state of each part, or 503; one tenant's fault never shows here."""
    parts = {"database": _database(), "broker": _broker()}
    if parts["database"] == "ok":
        parts |= {"migrations": _migrations(), "portals": _portals(), "jobs": _jobs()}
    fine = all(state in {"ok", "starting"} for state in parts.values())
    return JsonResponse(parts, status=200 if fine else 503)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:
        connection.close()
        return "unreachable"
    return "ok"


def _broker() -> str:
    try:
        caches["default"].get("readyz")
    except Exception:
        return "unreachable"
    return "ok"


def _migrations() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('public.tenants_tenant') IS NOT NULL")
        return "ok" if cursor.fetchone()[0] else "missing"


def _portals() -> str:
    """In a demo, ready means that the personas can sign in."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM public.tenants_tenant WHERE ready")
        return "ok" if cursor.fetchone()[0] or not settings.DEMO else "missing"


def _jobs() -> str:
    age = heartbeat_age()
    if age is not None and age <= STALE_SECONDS:
        return "ok"
    return "starting" if time.monotonic() - _started <= STALE_SECONDS else "stale"


def heartbeat_age() -> float | None:
    """Return the seconds since a worker last did what beat asked for; None if it never did."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT beat_at FROM public.installation_heartbeat WHERE id = 1")
        row = cursor.fetchone()
    return (datetime.now(UTC) - row[0]).total_seconds() if row else None
