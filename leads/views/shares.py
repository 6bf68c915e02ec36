"""How the leads are shared: per partner what its weight promises, what it got, and its weight."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from leads import policies, selectors, services
from leads.forms import WeightForm
from leads.models import Turn
from leads.views.common import REFUSALS, sentence_of
from leads.views.hand import DISTRIBUTORS
from partners.models import Partner
from prm.access import VENDOR_ROLES, Audience, access
from prm.http import PrmRequest, see_other


@access(Audience.VENDOR, roles=VENDOR_ROLES)
@require_GET
def shares(request: PrmRequest) -> HttpResponse:
    """Every active partner's weight, expected and actual number of leads."""
    context = {
        "rows": selectors.shares(),
        "can_distribute": policies.can_distribute(request.user),
    }
    return render(request, "leads/manage/shares.html", context)


@access(Audience.VENDOR, roles=DISTRIBUTORS)
@require_http_methods(["GET", "HEAD", "POST"])
def weight(request: PrmRequest, reference: str) -> HttpResponse:
    """Set one partner's weight."""
    rows = Partner.objects.all().visible_to(request.user).active()
    partner = get_object_or_404(rows, reference=reference.upper())
    turn = Turn.objects.filter(partner=partner).first() or Turn(partner=partner)
    form = WeightForm(request.POST or None, initial={"weight": turn.weight})
    if request.method == "POST" and form.is_valid():
        try:
            services.set_weight(partner, form.cleaned_data["weight"], actor=request.user)
        except REFUSALS as error:
            form.add_error(None, sentence_of(error))
        else:
            messages.success(request, _("The weight is set. It counts from the next lead."))
            return see_other("leads:manage-shares")
    status = 422 if request.method == "POST" else 200
    context = {"partner": partner, "form": form}
    return render(request, "leads/manage/weight.html", context, status=status)
