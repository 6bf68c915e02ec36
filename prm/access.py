"""Who may reach a URL: every view declares it, one middleware enforces it.

Anonymous visitors are sent to sign in; another audience's URL answers 404, so nobody learns that it
exists; the right audience without the role gets 403. A view that declares nothing is refused.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import models
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
)
from django.urls import ResolverMatch
from django.utils.translation import gettext_lazy as _


class Audience(models.TextChoices):
    """The sides of a portal; the last three are for URLs only."""

    PARTNER = "PARTNER", _("Partner")
    VENDOR = "VENDOR", _("Vendor")
    AGENT = "AGENT", _("Lead agent")
    OPERATOR = "OPERATOR", _("Operator")
    SIGNED_IN = "SIGNED_IN", _("Anyone signed in")
    PUBLIC = "PUBLIC", _("Anyone")
    DEMO = "DEMO", _("Anyone, in a demo")


class Role(models.TextChoices):
    """What a person may do within their audience."""

    SELLER = "SELLER", _("Seller")
    PARTNER_ADMINISTRATOR = "PARTNER_ADMINISTRATOR", _("Partner administrator")
    CHANNEL_MANAGER = "CHANNEL_MANAGER", _("Channel manager")
    ADMINISTRATOR = "ADMINISTRATOR", _("Administrator")
    FINANCE = "FINANCE", _("Finance")
    LEGAL = "LEGAL", _("Legal")
    ANALYST = "ANALYST", _("Analyst")
    LEAD_AGENT = "LEAD_AGENT", _("Lead agent")
    OPERATOR = "OPERATOR", _("Operator")


VENDOR_ROLES = (
    Role.CHANNEL_MANAGER,
    Role.ADMINISTRATOR,
    Role.FINANCE,
    Role.LEGAL,
    Role.ANALYST,
)
PARTNER_ROLES = (Role.SELLER, Role.PARTNER_ADMINISTRATOR)
METHODS = ("GET", "HEAD", "POST")


class Actor(Protocol):
    """Whoever acts: what the kernel must know of a user."""

    pk: Any
    uid: UUID
    email: str
    name: str
    audience: str
    language: str

    @property
    def roles(self) -> frozenset[Role]:
        """The roles this person holds now."""


@dataclass(frozen=True, slots=True)
class Access:
    """One URL's declaration; an empty set of roles means every role of the audiences."""

    audiences: frozenset[Audience]
    roles: frozenset[Role] = frozenset()
    personal: bool = False  # nobody may do it for somebody else
    quiet: bool = False  # asked beside a form while it is typed: once signed out, it says nothing

    def admits(self, user: Any) -> bool:
        """Return whether a signed-in user has an audience and a role for this URL."""
        if Audience.SIGNED_IN in self.audiences:
            return True
        if user.audience not in self.audiences:
            raise Http404
        return not self.roles or bool(self.roles & user.roles)


View = TypeVar("View", bound=Callable[..., HttpResponseBase])

# URLs of packages, which cannot carry a decorator: view name -> declaration.
_ELSEWHERE: dict[str, Access] = {}


def access(
    *audiences: Audience, roles: Iterable[Role] = (), personal: bool = False, quiet: bool = False
) -> Callable[[View], View]:
    """Declare who may reach a view; a personal one is closed to staff who act for somebody.

    What a quiet one is asked by htmx from beside a form gets no answer when the session is over: the
    form itself leads to sign-in with all that was typed.
    """
    declared = Access(frozenset(audiences), frozenset(roles), personal, quiet)

    def mark(view: View) -> View:
        view.access = declared  # type: ignore[attr-defined]
        return view

    return mark


def declare(names: Iterable[str], *audiences: Audience, personal: bool = False) -> None:
    """Declare a package's URLs by view name (namespace included)."""
    for name in names:
        _ELSEWHERE[name] = Access(frozenset(audiences), personal=personal)


def access_of(match: ResolverMatch) -> Access | None:
    """Return the declaration of a resolved URL, or None if it has none."""
    declared = getattr(match.func, "access", None)
    if isinstance(declared, Access):
        return declared
    return _ELSEWHERE.get(match.view_name)


def acted_by(user: Any) -> Any:
    """Return the member of the staff who acts in this person's name now; None when nobody does."""
    return getattr(user, "acted_by", None)


def require(allowed: bool) -> None:
    """Turn a policy's False into 403."""
    if not allowed:
        raise PermissionDenied


class AccessMiddleware:
    """Enforces the declarations before a view runs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; the work is done once the view is known."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Return None to go on, the way to sign in, 405, or raise 404 or 403."""
        match = request.resolver_match
        assert match is not None
        declared = access_of(match)
        if declared is None:
            raise ImproperlyConfigured(f"{match.view_name} declares no access.")
        if declared.audiences & {Audience.PUBLIC, Audience.DEMO}:
            return _refuse_other_methods(request)
        if not request.user.is_authenticated:
            from django.contrib.auth.views import redirect_to_login  # noqa: PLC0415 - needs loaded apps

            from prm import carry  # noqa: PLC0415 - carry renders pages, which import this module

            if declared.quiet and getattr(request, "htmx", None):
                return HttpResponse(status=204)
            return carry.sign_in_page(request) or redirect_to_login(request.get_full_path())
        require(declared.admits(request.user))
        require(not (declared.personal and acted_by(request.user)))
        return _refuse_other_methods(request)


def _refuse_other_methods(request: HttpRequest) -> HttpResponseBase | None:
    """Views of packages take PUT for POST, and more; nothing of ours is asked that way."""
    return None if request.method in METHODS else HttpResponseNotAllowed(METHODS)
