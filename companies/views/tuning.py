"""How names are matched: settings tried on the tenant's own decisions, then saved as a version."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from companies import tuning
from companies.forms import TuningForm
from companies.matching.tuning import build
from companies.models import MatchTuning
from companies.services.tuning import return_to, tune
from companies.views.common import get_or_post
from prm.access import Audience, Role, access
from prm.http import PrmRequest, see_other

SHOWN = 20
for_administrators = access(Audience.VENDOR, roles=[Role.ADMINISTRATOR])


@for_administrators
@get_or_post
def settings(request: PrmRequest) -> HttpResponse:
    """Show the settings in force with what they do; try others, or save them."""
    live = tuning.in_force()
    form = TuningForm(request.POST or None, initial=_typed(live))
    if request.method != "POST":
        return _page(request, form, live)
    if not form.is_valid():
        return _page(request, form, live, status=422)
    if "save" not in request.POST:
        return _page(request, form, live, draft=form.cleaned_data)
    tune(**form.cleaned_data, actor=request.user)
    messages.success(request, _("Saved. It counts from the next comparison on."))
    return see_other("companies:tuning")


@for_administrators
@require_POST
def restore(request: PrmRequest, uid: UUID) -> HttpResponse:
    """Put an earlier version in force again."""
    return_to(get_object_or_404(MatchTuning, uid=uid), actor=request.user)
    messages.success(request, _("The earlier settings are in force again."))
    return see_other("companies:tuning")


def _typed(row: MatchTuning) -> dict[str, Any]:
    """Return settings as the form shows them."""
    return {
        "threshold_offset": row.threshold_offset,
        "stop_words": "\n".join(row.stop_words),
        "equivalences": "\n".join(" = ".join(words) for words in row.equivalences),
    }


def _page(
    request: PrmRequest,
    form: TuningForm,
    live: MatchTuning,
    *,
    draft: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    outcomes = [(_("In force"), tuning.try_settings(tuning.settings_of(live)))]
    if draft is not None:
        tried = build(draft["threshold_offset"], draft["stop_words"], draft["equivalences"])
        outcomes.append((_("As typed below"), tuning.try_settings(tried)))
    context = {
        "form": form,
        "live": live,
        "outcomes": outcomes,
        "newest": outcomes[-1][1],
        "versions": MatchTuning.objects.select_related("author")[:SHOWN],
    }
    return render(request, "companies/manage/tuning.html", context, status=status)
