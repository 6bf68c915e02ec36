"""What the layouts need for the demo's bar: nothing at all outside a demo."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from prm import clock
from prm.tenancy import context
from tenants.demo import guard, personas, timewarp


def demo(request: HttpRequest) -> dict[str, Any]:
    """Return `demo` with the time, the clock's steps and the personas, read only if shown."""
    if not settings.DEMO or not guard.comes_from_here(request):
        return {}
    try:
        schema = context.schema()
    except context.NoTenant:
        return {}
    email = getattr(getattr(request, "user", None), "email", "")
    return {
        "demo": {
            "now": SimpleLazyObject(clock.now),
            "steps": [(key, label) for key, (_by, label) in timewarp.STEPS.items()],
            "personas": personas.at(schema),
            "persona": personas.find(schema, email) if email else None,
            "next": request.get_full_path(),
        }
    }
