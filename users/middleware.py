"""Language and zone of every request, and the second factor where the portal asks staff for one."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header

from prm import carry, portal
from prm.access import Audience, access_of, acted_by
from users import policies

SETTING_UP = frozenset(
    {
        "mfa_index",
        "mfa_activate_totp",
        "mfa_reauthenticate",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
        "account_reauthenticate",
    }
)


class PreferencesMiddleware:
    """Activates the language and the time zone that this request is answered in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the person's language and zone; a stream is written later, so it keeps them."""
        language = language_of(request)
        request.LANGUAGE_CODE = language
        translation.activate(language)
        reader: Any = acted_by(request.user) or request.user
        timezone.activate(reader.tzinfo if reader.is_authenticated else portal.zone())
        response = self.get_response(request)
        if not response.streaming:
            translation.deactivate()
            timezone.deactivate()
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Cookie", "Accept-Language"))
        return response


def language_of(request: HttpRequest) -> str:
    """Return the person's language, else the cookie's or the browser's, else the portal's.

    Only languages that the portal speaks count.
    """
    vendor = portal.current()
    known = {code for code, _name in settings.LANGUAGES}
    spoken = known.intersection(vendor.languages or known)
    for wanted in _wishes(request):
        for code in (wanted, wanted.partition("-")[0]):
            if code in spoken:
                return code
    return vendor.language if vendor.language in known else settings.LANGUAGE_CODE


def _wishes(request: HttpRequest) -> list[str]:
    reader: Any = acted_by(request.user) or request.user
    own = reader.language if reader.is_authenticated else ""
    cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    accepted = parse_accept_lang_header(request.headers.get("Accept-Language", "").lower())
    return [own, cookie, *(code for code, _quality in accepted)]


class StaffMfaMiddleware:
    """Sends vendor staff and operators without a second factor to set one up, where that is asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; the work is done once the view is known."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Return None to go on, or the way to the set-up page; a form that was sent is kept."""
        if not request.user.is_authenticated or self._is_open(request):
            return None
        if not policies.must_have_second_factor(request.user):
            return None
        if is_mfa_enabled(request.user, types=[Authenticator.Type.TOTP]):
            return None
        messages.warning(request, self._sentence(request))
        if getattr(request, "htmx", None):
            return HttpResponse(headers={"HX-Redirect": reverse("mfa_activate_totp")})
        return redirect("mfa_activate_totp")

    @staticmethod
    def _is_open(request: HttpRequest) -> bool:
        """Whether this URL is for everybody anyway, or part of the set-up."""
        match = request.resolver_match
        assert match is not None
        declared = access_of(match)
        everybody = {Audience.PUBLIC, Audience.DEMO}
        return match.view_name in SETTING_UP or bool(declared and declared.audiences & everybody)

    @staticmethod
    def _sentence(request: HttpRequest) -> str:
        asked = _("This portal asks its staff for a second factor. Set it up to go on.")
        if request.method != "POST":
            return asked
        if carry.stash(request):
            return (
                asked + " " + _("What you typed was not sent, but it is kept: open the page again.")
            )
        return asked + " " + _("What you sent was not saved: send it again afterwards.")
