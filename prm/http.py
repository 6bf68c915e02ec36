"""The request as our views see it."""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from prm.tenancy.context import TenantLike
    from users.models import User


class PrmRequest(HttpRequest):
    """A request inside a tenant, signed in."""

    user: "User"
    htmx: "HtmxDetails"
    tenant: "TenantLike"


class SeeOther(HttpResponseRedirect):
    """303: a POST is done, look here."""

    status_code = 303


def see_other(name: str, *args: Any, **kwargs: Any) -> HttpResponse:
    """Redirect to a named URL after a POST."""
    return SeeOther(reverse(name, args=args or None, kwargs=kwargs or None))


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what a form binds to: the data of a POST, however little, else None."""
    return request.POST if request.method == "POST" else None


def client_address(request: HttpRequest) -> str:
    """Return the peer's address as the server saw it (proxies are counted by allauth's setting)."""
    return str(request.META.get("REMOTE_ADDR", ""))
