"""One's own preferences and security."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_http_methods

from prm import carry
from prm.access import Audience, access
from prm.http import PrmRequest, see_other
from users import policies, selectors, services
from users.forms import PreferencesForm
from users.middleware import language_of

FIELDS = ("name", *services.PREFERENCES)


@access(Audience.SIGNED_IN, personal=True)
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: PrmRequest) -> HttpResponse:
    """Show one's preferences, or save them."""
    stored = {field: getattr(request.user, field) for field in FIELDS}
    form = PreferencesForm(request.POST or None, initial=stored)
    carry.refill(request, form)
    if request.method == "POST" and form.is_valid():
        request.user = services.set_preferences(
            request.user, values=form.cleaned_data, actor=request.user
        )
        with override(language_of(request)):
            messages.success(request, _("Your preferences are saved."))
        return see_other("users:me")
    status = 422 if request.method == "POST" else 200
    return render(request, "users/me/preferences.html", {"form": form}, status=status)


@access(Audience.SIGNED_IN, personal=True)
@require_GET
def security(request: PrmRequest) -> HttpResponse:
    """Show how one signs in, with the ways to change it."""
    facts = {
        "second_factor": selectors.has_second_factor(request.user),
        "must_have_second_factor": policies.must_have_second_factor(request.user),
    }
    return render(request, "users/me/security.html", facts)
