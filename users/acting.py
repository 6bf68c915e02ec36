"""Acting for somebody: for half an hour a member of the vendor's staff does what a partner's person may do.

The session stays the staff's own. It holds whom they act for and until when; on every request the
middleware asks whether that still holds and, if so, lets the request be the person's, with the staff
in `user.acted_by`. Policies then see the person and nothing of the staff's own rights.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from prm import clock
from prm.access import Audience, access_of
from prm.http import SeeOther
from users import policies
from users.models import User

KEY = "acting"
LONGEST = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Acting:
    """Whom a session acts for: the person, where that began, until when (exclusive), the way back."""

    staff: UUID
    person: UUID
    name: str
    where: str
    until: datetime
    back: str


def begin(request: HttpRequest, person: User, *, until: datetime, where: str, back: str) -> None:
    """Let this session act for a person from the next request on.

    `where` is what the banner calls their organisation, `back` the page to return to. Whether it is
    allowed is decided, and recorded, by the service that was called before.
    """
    request.session[KEY] = {
        "staff": str(request.user.uid),  # type: ignore[union-attr]
        "person": str(person.uid),
        "name": person.name,
        "where": where,
        "until": until.isoformat(),
        "back": back,
    }


def stop(request: HttpRequest) -> str:
    """Let this session be the staff's own again; return the way back."""
    kept = request.session.pop(KEY, None)
    return str(kept["back"]) if kept else "/"


def of(request: HttpRequest) -> Acting | None:
    """Return whom this session acts for, whether or not that still holds."""
    kept = request.session.get(KEY)
    if not kept:
        return None
    return Acting(
        staff=UUID(kept["staff"]),
        person=UUID(kept["person"]),
        name=kept["name"],
        where=kept["where"],
        until=datetime.fromisoformat(kept["until"]),
        back=kept["back"],
    )


class ActingMiddleware:
    """Swaps the request's person while staff act for somebody: after authentication, before the rest."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let the request be the person's if that still holds; else it is the staff's own again."""
        acting = of(request)
        if acting is not None and request.user.is_authenticated:
            staff: Any = request.user
            person = _person(acting, staff)
            if person is None:
                stop(request)
                request.acting_over = acting  # type: ignore[attr-defined]
            else:
                person.acted_by = staff
                request.user = person
                structlog.contextvars.bind_contextvars(acted_by=str(staff.uid))
                request.acting = acting  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Return None to go on; when acting has just ended, lead back: the page is the person's."""
        acting: Acting | None = getattr(request, "acting_over", None)
        match = request.resolver_match
        declared = access_of(match) if match else None
        if acting is None or (declared and declared.audiences & {Audience.PUBLIC, Audience.DEMO}):
            return None
        words = _("You no longer act for %(name)s of %(where)s. What you sent last was not saved.")
        if request.method in ("GET", "HEAD"):
            words = _("You no longer act for %(name)s of %(where)s.")
        messages.warning(request, words % {"name": acting.name, "where": acting.where})
        if "HX-Request" in request.headers:
            return HttpResponse(headers={"HX-Redirect": acting.back})
        return SeeOther(acting.back)


def _person(acting: Acting, staff: User) -> User | None:
    """Return the person if everything that allowed it still holds: three queries."""
    if acting.staff != staff.uid or clock.now() >= acting.until:
        return None
    person: User | None = User.objects.filter(uid=acting.person).first()
    if person is None or not policies.may_act_for(staff, person):
        return None
    if policies.must_have_second_factor(staff) and not is_mfa_enabled(
        staff, types=[Authenticator.Type.TOTP]
    ):
        return None
    return person
