"""Host name to tenant, before anything else touches the database."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.template.loader import render_to_string
from django.urls import Resolver404, get_resolver, set_urlconf
from django_tenants.utils import get_public_schema_name, get_tenant_domain_model

from prm import clock
from prm.tenancy.database import connection


class TenancyMiddleware:
    """Sets the schema, the tenant and the URLconf of a request.

    The public host is answered here, without sessions: nobody logs in there. An unknown host and a
    suspended tenant get a page that names nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Route one request; afterwards the connection is where it was: in public, for a server."""
        outer = connection.tenant
        connection.set_schema_to_public()
        try:
            with clock.scope():
                return self._route(request)
        finally:
            connection.set_tenant(outer)
            set_urlconf(None)

    def _route(self, request: HttpRequest) -> HttpResponse:
        try:
            host = request.get_host().rsplit(":", 1)[0].lower().rstrip(".")
        except DisallowedHost:
            return _page("errors/unknown_host.html", 404)
        domain = (
            get_tenant_domain_model().objects.select_related("tenant").filter(domain=host).first()
        )
        if domain is None or (domain.until is not None and domain.until <= clock.now()):
            if host == settings.BASE_DOMAIN:
                return self._public(request)
            return _page("errors/unknown_host.html", 404)
        tenant = domain.tenant
        if tenant.schema_name == get_public_schema_name():
            return self._public(request)
        if not tenant.ready or tenant.suspended_at is not None:
            return _page("errors/suspended.html", 503)
        if domain.until is not None:
            return _moved(request, tenant.address)
        setattr(request, "tenant", tenant)  # noqa: B010 - not an attribute that Django knows
        connection.set_tenant(tenant)
        is_ops = tenant.schema_name == settings.OPS_SCHEMA
        request.urlconf = settings.OPS_URLCONF if is_ops else settings.ROOT_URLCONF
        set_urlconf(request.urlconf)
        return self.get_response(request)

    def _public(self, request: HttpRequest) -> HttpResponse:
        try:
            match = get_resolver(settings.PUBLIC_SCHEMA_URLCONF).resolve(request.path_info)
        except Resolver404:
            return _page("errors/unknown_host.html", 404)
        response: HttpResponse = match.func(request, *match.args, **match.kwargs)
        return response


class _MovedWhole(HttpResponsePermanentRedirect):
    """The method and the body go along: what a mail program posts arrives as it was sent."""

    status_code = 308


def _moved(request: HttpRequest, address: str) -> HttpResponse:
    """Lead from a retired host name to the new one; kept by browsers for an hour at most.

    The old name may be another portal's one day, and a redirect without an end would follow it there.
    """
    reads = request.method in {"GET", "HEAD"}
    kind = HttpResponsePermanentRedirect if reads else _MovedWhole
    response = kind(f"{address}{request.get_full_path()}")
    response["Cache-Control"] = "private, max-age=3600"
    return response


def _page(template: str, status: int) -> HttpResponse:
    return HttpResponse(render_to_string(template), status=status)
