"""Who is away, and who stands in."""

from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from prm import clock, portal
from prm.access import Audience, Role, access
from prm.http import PrmRequest, see_other
from registrations import services
from registrations.forms.desk import AbsenceForm
from registrations.models import ReviewerAbsence
from registrations.views.common import REFUSALS, attempt, sentence_of

REFEREES = (Role.CHANNEL_MANAGER, Role.ADMINISTRATOR)


@access(Audience.VENDOR, roles=REFEREES)
@require_http_methods(["GET", "HEAD", "POST"])
def absences(request: PrmRequest) -> HttpResponse:
    """Plan an absence; see those that are on or to come: an administrator everybody's."""
    today = clock.today(portal.zone())
    form = AbsenceForm(request.POST or None, actor=request.user, today=today)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            services.plan_absence(
                values["user"],
                values["first_day"],
                values["last_day"],
                deputy=values["deputy"],
                actor=request.user,
            )
        except REFUSALS as error:
            form.add_error(None, sentence_of(error))
        else:
            return see_other("registrations:manage-absences")
    status = 422 if request.method == "POST" else 200
    rows = _mine(request).filter(last_day__gte=today).select_related("user", "deputy")
    context = {"form": form, "rows": rows.order_by("first_day", "pk"), "day": today}
    return render(request, "registrations/manage/absences.html", context, status=status)


@access(Audience.VENDOR, roles=REFEREES)
@require_POST
def cancel(request: PrmRequest, uid: UUID) -> HttpResponse:
    """Take an absence back."""
    absence = get_object_or_404(_mine(request), uid=uid)
    attempt(
        request,
        _("The absence is taken back."),
        lambda: services.cancel_absence(absence, actor=request.user),
    )
    return see_other("registrations:manage-absences")


def _mine(request: PrmRequest) -> QuerySet[ReviewerAbsence]:
    every = Q() if Role.ADMINISTRATOR in request.user.roles else Q(user=request.user)
    return ReviewerAbsence.objects.filter(every)
