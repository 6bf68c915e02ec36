"""Where the links of an offer's mail lead: a small page, one button, no sign-in, no contact data."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from leads import services
from leads.enums import DeclineCode
from leads.forms import DeclineForm
from leads.models import Offer
from leads.services.notices import ACCEPT, DECLINE
from leads.views.common import REFUSALS, offer_status, sentence_of
from partners.selectors import partner_of
from prm import clock, links
from prm.links.models import ActionLink
from users.models import User


def _found(link: ActionLink) -> tuple[Offer | None, User | None]:
    """Return the offer and whom the link was sent to, if both still belong together."""
    offer = (
        Offer.objects.select_related("partner", "seller", "lead__place")
        .filter(uid=link.subject)
        .first()
    )
    recipient = link.recipient_uid
    person = User.objects.filter(is_active=True, uid=recipient).first() if recipient else None
    if offer and person and getattr(partner_of(person), "pk", None) == offer.partner_id:
        return offer, person
    return offer, None


def _truth(request: HttpRequest, offer: Offer | None, **more: Any) -> HttpResponse:
    """A used or stale link shows how things stand now, not an error; it names no customer."""
    context = {"offer": offer, "status": offer_status(offer) if offer else None, **more}
    return render(request, "leads/landing/truth.html", context)


def _open(link: ActionLink, offer: Offer | None, person: User | None) -> bool:
    if offer is None or person is None or not links.is_live(link):
        return False
    return offer.is_open and clock.now() < offer.expires_at


@links.landing(ACCEPT)
def accept(request: HttpRequest, link: ActionLink) -> HttpResponse:
    """Accept an offer from the mail; contact data shows only after sign-in."""
    offer, person = _found(link)
    if offer is None or person is None or not _open(link, offer, person):
        return _truth(request, offer)
    if request.method == "POST":
        try:
            services.accept_offer(offer, actor=person)
        except REFUSALS as error:
            return _truth(request, offer, problem=sentence_of(error))
        links.use(link)
        done = _("The lead is yours. Sign in to see whom to contact.")
        return _truth(request, _again(offer), done=done)
    return render(request, "leads/landing/accept.html", _context(offer))


@links.landing(DECLINE)
def decline(request: HttpRequest, link: ActionLink) -> HttpResponse:
    """Decline an offer from the mail."""
    offer, person = _found(link)
    if offer is None or person is None or not _open(link, offer, person):
        return _truth(request, offer)
    form = DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            services.decline_offer(
                offer, DeclineCode(values["code"]), note=values["note"], actor=person
            )
        except REFUSALS as error:
            return _truth(request, offer, problem=sentence_of(error))
        links.use(link)
        return _truth(request, _again(offer), done=_("Declined. Thank you for saying so."))
    status = 422 if request.method == "POST" else 200
    context = {**_context(offer), "form": form}
    return render(request, "leads/landing/decline.html", context, status=status)


def _context(offer: Offer) -> dict[str, Any]:
    """Return what the link's holder may read: what the mail said, and no more."""
    lead = offer.lead
    return {
        "offer": offer,
        "country": lead.country,
        "lines": lead.product_lines.all(),
        "rating": lead.get_rating_display(),
        "value": lead.value,
        "currency": lead.currency,
    }


def _again(offer: Offer) -> Offer:
    return Offer.objects.select_related("lead").get(pk=offer.pk)
