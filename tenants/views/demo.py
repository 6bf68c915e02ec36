"""The demo's doors: personas, the clock, nothing else. Every view asks the guard first."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from prm.access import Audience, access
from prm.http import PrmRequest, SeeOther
from prm.tenancy import context
from tenants.demo import guard, personas, timewarp, trials
from users.models import User

BACKEND = "users.backends.Backend"
P = ParamSpec("P")
View = Callable[Concatenate[PrmRequest, P], HttpResponse]


def demo_door(view: View[P]) -> Callable[..., HttpResponse]:
    """Declare a view open to anyone in a demo, and answer 404 to everyone else."""

    @access(Audience.DEMO)
    @never_cache
    @wraps(view)
    def guarded(request: PrmRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not guard.admits(request):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@demo_door
@require_GET
def index(request: PrmRequest) -> HttpResponse:
    """Who one can be here, and what to try; the trials tick themselves."""
    schema = context.schema()
    groups: dict[str, list[personas.Persona]] = {}
    for persona in personas.at(schema):
        groups.setdefault(persona.partner or str(persona.audience.label), []).append(persona)
    return render(
        request,
        "demo/index.html",
        {
            "groups": list(groups.items()),
            "trials": trials.progress(schema),
            "password": personas.PASSWORD,
            "done_label": _("Done"),
            "open_label": _("To do"),
        },
    )


@demo_door
@require_POST
def sign_in(request: PrmRequest) -> HttpResponse:
    """Become a persona of this portal."""
    persona = personas.find(context.schema(), request.POST.get("email", ""))
    if persona is None:
        raise Http404
    user = get_object_or_404(User.objects.filter(is_active=True), email=persona.email)
    login(request, user, backend=BACKEND)
    return SeeOther(reverse("home"))


@demo_door
@require_POST
def move_clock(request: PrmRequest) -> HttpResponse:
    """Let time pass, and with it everything that falls due."""
    step = timewarp.STEPS.get(request.POST.get("step", ""))
    if step is None:
        raise Http404
    try:
        timewarp.move(step[0])
    except timewarp.ClockBusy:
        messages.warning(request, _("The clock is moving already. Wait until it stands still."))
    return SeeOther(_back(request))


@access(Audience.DEMO)
@require_safe
def without_slash(request: HttpRequest) -> HttpResponse:
    """Send an address without its last slash to the one with it."""
    return HttpResponsePermanentRedirect(f"{request.path}/")


def _back(request: PrmRequest) -> str:
    """Return the page the visitor came from, if it is one of this portal's."""
    wanted = request.POST.get("next", "")
    fine = wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}
    )
    return wanted if fine else reverse("demo:index")
