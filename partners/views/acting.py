"""Act for one of a partner's people: say why, begin, stop."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from partners import acting as services
from partners.forms import ActForm
from partners.policies import MANAGERS
from partners.selectors import membership_of, partner_list, people_of
from prm import clock
from prm.access import Audience, access, acted_by, require
from prm.http import PrmRequest, SeeOther, posted, see_other
from users import acting


@access(Audience.VENDOR, roles=MANAGERS)
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: PrmRequest, reference: str, uid: str) -> HttpResponse:
    """Say why, then be the person for half an hour."""
    partner = get_object_or_404(partner_list(request.user), reference=reference)
    membership = get_object_or_404(people_of(partner), user__uid=uid)
    require(services.may_act_for(request.user, membership))
    form = ActForm(posted(request))
    if form.is_bound and form.is_valid():
        until = clock.now() + acting.LONGEST
        services.start(membership, **form.cleaned_data, until=until, actor=request.user)
        back = request.path.partition("people/")[0]
        acting.begin(request, membership.user, until=until, where=partner.name, back=back)
        return see_other("home")
    context = {"form": form, "membership": membership, "partner": partner}
    status = 422 if form.is_bound else 200
    return render(request, "partners/manage/act.html", context, status=status)


@access(Audience.SIGNED_IN)
@require_POST
def stop(request: PrmRequest) -> HttpResponse:
    """Be oneself again, at once; sent twice it only leads back."""
    membership = membership_of(request.user)
    if acted_by(request.user) is not None and membership is not None:
        services.end(membership, actor=request.user)
        words = _("You no longer act for %(name)s of %(where)s.")
        messages.success(
            request, words % {"name": request.user.name, "where": membership.partner.name}
        )
    return SeeOther(acting.stop(request))
