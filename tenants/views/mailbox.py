"""The demo's mailbox: every captured mail, as its reader would see it."""

from dataclasses import replace
from typing import cast
from urllib.parse import urlencode

from csp.decorators import csp_replace, csp_update
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from notifications import capture
from prm.http import PrmRequest
from prm.tenancy import context
from tenants.demo import mailview, personas
from tenants.models import Tenant
from tenants.views.demo import demo_door

PER_PAGE = 50
MOST = 2_000


@demo_door
@require_GET
def inbox(request: PrmRequest) -> HttpResponse:
    """The captured mails, newest first, of everybody or of one address."""
    schema = context.schema()
    every = capture.mailbox(schema, limit=MOST)
    address = request.GET.get("to", "").strip().lower()
    chosen = [mail for mail in every if not address or mail.address == address]
    page = Paginator(chosen, PER_PAGE).get_page(request.GET.get("page", "1"))
    return render(
        request,
        "demo/mail.html",
        {
            "page": page,
            "address": address,
            "query": urlencode({"to": address}) if address else "",
            "readers": mailview.readers(every, personas.at(schema)),
        },
    )


@csp_update({"frame-src": ["'self'"]})
@demo_door
@require_GET
def message(request: PrmRequest, key: str) -> HttpResponse:
    """One mail: its HTML in light and dark, its text, its headers."""
    opened = _at_home(_opened(key), request)
    return render(
        request,
        "demo/message.html",
        {
            "mail": opened.mail,
            "headers": opened.headers,
            "text": mailview.with_links(opened.text),
            "schemes": mailview.SCHEMES if opened.html else (),
        },
    )


@csp_replace(mailview.BODY_POLICY)
@xframe_options_sameorigin
@demo_door
@require_GET
def body(request: PrmRequest, key: str, scheme: str) -> HttpResponse:
    """A mail's HTML alone, for the frame of its page: no script, no request, links leave the frame."""
    opened = _at_home(_opened(key), request)
    if scheme not in dict(mailview.SCHEMES) or not opened.html:
        raise Http404
    return HttpResponse(mailview.shown_in(opened.html, scheme))


def _at_home(opened: capture.OpenedMail, request: PrmRequest) -> capture.OpenedMail:
    """The mail with links that work now."""
    tenant = cast(Tenant, request.tenant)
    text, html = (
        mailview.at_home(body, tenant.host, tenant.address) for body in (opened.text, opened.html)
    )
    return replace(opened, text=text, html=html)


def _opened(key: str) -> capture.OpenedMail:
    try:
        return capture.read(context.schema(), key)
    except capture.NotCaptured as missing:
        raise Http404 from missing
