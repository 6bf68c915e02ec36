"""An expired session keeps what was typed.

A form sent without a session is answered with the sign-in page, which carries the typed fields in a
signed field of its own; after sign-in the person is back on the page of the form, and its view fills
the form again, once:

    form = DealForm(request.POST or None)
    carry.refill(request, form)

htmx requests cannot show a page, so theirs wait in the session of the browser instead.
"""

import re
from typing import TYPE_CHECKING, Any, TypedDict, cast
from urllib.parse import urlencode, urlsplit

from allauth.account import app_settings as account_settings
from allauth.account.forms import LoginForm
from allauth.account.internal.templatekit import get_entrance_context_data
from allauth.utils import get_form_class
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.cache import add_never_cache_headers
from django.utils.datastructures import MultiValueDict
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from prm.tenancy import context

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

LIMIT = 64 * 1024  # bytes of typed fields
MAX_AGE = 24 * 60 * 60  # seconds between the sign-in page and the sign-in
WAITING = 60 * 60  # seconds that an anonymous session keeps the fields of an htmx request
SESSION_KEY = "carry"
FIELD = "carried"
_SECRET = re.compile(r"pass(word|phrase|code)|token|secret|\botp\b", re.IGNORECASE)


class Cargo(TypedDict):
    """What was typed, where it was sent, and the page to come back to."""

    posted_to: str
    landing: str
    fields: str


def sign_in_page(request: HttpRequest) -> HttpResponse | None:
    """Return the answer to somebody who is not signed in, or None for the plain redirect.

    A form gets the sign-in page that carries what was typed; an htmx request is told to go to the
    sign-in page; what cannot be kept (files, more than 64 KB) is said in a sentence.
    """
    htmx = cast("HtmxDetails | None", getattr(request, "htmx", None))
    if request.method != "POST":
        return _send_browser(landing_of(request)) if htmx else None
    cargo = _load(request)
    if cargo is None:
        messages.warning(request, _lost())
    elif htmx:
        request.session[SESSION_KEY] = cargo
        request.session.set_expiry(WAITING)
        messages.info(request, _kept())
    else:
        messages.info(request, _kept())
        return _page(request, cargo)
    landing = landing_of(request)
    return _send_browser(landing) if htmx else redirect_to_login(landing)


def keep(request: HttpRequest, token: str) -> str | None:
    """Move what the sign-in page carried into the session; return where to go, None for a forgery.

    Called once the password is right, so nobody can fill sessions without one.
    """
    if not token:
        waiting = request.session.get(SESSION_KEY)
        return waiting["landing"] if waiting else None
    try:
        cargo: Cargo = signing.loads(token, salt=_salt(), max_age=MAX_AGE)
    except signing.BadSignature:
        return None
    request.session[SESSION_KEY] = cargo
    return cargo["landing"]


def stash(request: HttpRequest) -> bool:
    """Keep a signed-in person's form for later; False if it cannot be kept."""
    cargo = _load(request) if request.method == "POST" else None
    if cargo is None:
        return False
    request.session[SESSION_KEY] = cargo
    return True


def take(request: HttpRequest, *, posted_to: str | None = None) -> QueryDict | None:
    """Return what was typed on this page before the session ended, once; None if there is nothing.

    A page with several forms names the address its form posts to.
    """
    if request.method != "GET":
        return None
    cargo: Cargo | None = request.session.get(SESSION_KEY)
    if cargo is None or urlsplit(cargo["landing"]).path != request.path:
        return None
    if posted_to is not None and urlsplit(cargo["posted_to"]).path != posted_to:
        return None
    del request.session[SESSION_KEY]
    return QueryDict(cargo["fields"])


def refill(request: HttpRequest, form: BaseForm, *, posted_to: str | None = None) -> bool:
    """Put what was typed back into an unbound form, without judging it yet; False if there is nothing."""
    typed = take(request, posted_to=posted_to)
    if typed is None:
        return False
    for name, field in form.fields.items():
        value = field.widget.value_from_datadict(typed, MultiValueDict(), form.add_prefix(name))
        form.initial[name] = value
    return True


def landing_of(request: HttpRequest) -> str:
    """Return the page to come back to: the one the form stood on, which always answers a GET."""
    htmx = getattr(request, "htmx", None)
    page = (htmx.current_url if htmx else None) or request.headers.get("Referer", "")
    host = {request.get_host()}
    if page and url_has_allowed_host_and_scheme(page, host, require_https=request.is_secure()):
        parts = urlsplit(page)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        if _is_page(request, parts.path) and url_has_allowed_host_and_scheme(path, None):
            return path
    return request.get_full_path()


def _load(request: HttpRequest) -> Cargo | None:
    """Return the typed fields of a form, without secrets; None if they cannot be kept."""
    if request.content_type != "application/x-www-form-urlencoded":
        return None
    if int(request.META.get("CONTENT_LENGTH") or 0) > LIMIT or _is_account(request.path):
        return None
    fields = request.POST.copy()
    for name in [name for name in fields if _SECRET.search(name)]:
        del fields[name]
    return Cargo(
        posted_to=request.get_full_path(), landing=landing_of(request), fields=fields.urlencode()
    )


def _page(request: HttpRequest, cargo: Cargo) -> HttpResponse:
    """Render allauth's sign-in page with the fields on board."""
    form_class = get_form_class(account_settings.FORMS, "login", LoginForm)
    token = signing.dumps(cargo, salt=_salt(), compress=True)
    landing = cargo["landing"]
    page: dict[str, Any] = {
        **get_entrance_context_data(request),
        "form": form_class(request=request, initial={FIELD: token}),
        "redirect_field_name": REDIRECT_FIELD_NAME,
        "redirect_field_value": landing,
        "redirect_field": format_html(
            '<input type="hidden" name="{}" value="{}">', REDIRECT_FIELD_NAME, landing
        ),
    }
    response = render(request, "account/login.html", page)
    add_never_cache_headers(response)
    return response


def _send_browser(landing: str) -> HttpResponse:
    """Tell htmx to load the sign-in page as a page."""
    query = urlencode({REDIRECT_FIELD_NAME: landing})
    return HttpResponse(headers={"HX-Redirect": f"{reverse('account_login')}?{query}"})


def _is_page(request: HttpRequest, path: str) -> bool:
    try:
        resolve(path, getattr(request, "urlconf", None))
    except Resolver404:
        return False
    return not _is_account(path)


def _is_account(path: str) -> bool:
    return path.startswith("/accounts/")


def _kept() -> str:
    return _("You were signed out. Sign in and what you typed is still here.")


def _lost() -> str:
    return _(
        "You were signed out. What you sent could not be kept: it holds files or is too large. "
        "Sign in and send it again."
    )


def _salt() -> str:
    return context.salt("carry")
