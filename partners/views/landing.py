"""Where the button of "your profile has to be confirmed" leads: what it says, one button, no sign-in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from partners import services
from partners.models import Partner
from partners.policies import can_confirm_profile
from partners.selectors import partner_of
from partners.services.notices import CONFIRM, stamp_of
from prm import links
from prm.links.models import ActionLink
from users.models import User


@links.landing(CONFIRM)
def confirm_profile(request: HttpRequest, link: ActionLink) -> HttpResponse:
    """Show the profile on GET; confirm it on POST, once. A used or stale link shows how it stands."""
    partner, person = _found(link)
    if partner is None or person is None:
        return _show(request, None, "over")
    if not links.is_live(link) or link.record_version != stamp_of(partner):
        return _show(request, partner, "over")
    if request.method != "POST":
        return _show(request, partner, "ask")
    try:
        partner = services.confirm_profile(partner, actor=person)
    except services.ProfileIncomplete as error:
        return _show(request, partner, "incomplete", tasks=[task.label for task in error.tasks])
    links.use(link)
    return _show(request, partner, "done")


def _found(link: ActionLink) -> tuple[Partner | None, User | None]:
    """Return the partner and its administrator, if both still belong together."""
    recipient, people = link.recipient_uid, User.objects.filter(is_active=True)
    person = people.filter(uid=recipient).first() if recipient else None
    partner = partner_of(person) if person else None
    if partner is None or person is None or partner.uid != link.subject:
        return None, None
    return (partner, person) if can_confirm_profile(person, partner) else (None, None)


def _show(
    request: HttpRequest, partner: Partner | None, state: str, **more: object
) -> HttpResponse:
    context = {"partner": partner, "state": state, **more}
    return render(request, "partners/landing/confirm.html", context)
