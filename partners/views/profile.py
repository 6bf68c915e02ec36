"""What both sides do with a partner's profile: choose, state hours, keep contacts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from partners import services
from partners.forms import ChoiceForm, ContactForm, PartnerHoursForm
from partners.forms.profile import QUESTIONS
from partners.models import Contact, Partner
from partners.policies import can_edit_profile
from partners.selectors import contacts_of
from prm import portal
from prm.access import acted_by, require
from prm.http import PrmRequest, SeeOther, posted
from prm.portal.hours import HoursInvalid


@dataclass(frozen=True, slots=True)
class Place:
    """Where one audience's pages about a profile are: namespace prefix, its arguments, its home."""

    prefix: str
    args: tuple[str, ...]
    home: str
    title: str

    def url(self, name: str, *more: str) -> str:
        """The address of a page of this side."""
        return reverse(f"partners:{self.prefix}{name}", args=[*self.args, *more])


def choose(request: PrmRequest, partner: Partner, part: str, place: Place) -> HttpResponse:
    """State territories, product lines or skills."""
    require(can_edit_profile(request.user, partner))
    form = ChoiceForm(posted(request), partner=partner, part=part)

    def save() -> None:
        stated: dict[str, Any] = {part: list(form.cleaned_data[part])}
        services.change_profile(partner, **stated, actor=request.user)

    if _saved(request, form, save):
        return SeeOther(place.home)
    title = str(QUESTIONS[part])
    return _page(request, "partners/choose.html", form, place, {"title": title})


def hours(request: PrmRequest, partner: Partner, place: Place) -> HttpResponse:
    """State hours and zone; an empty week means the portal's."""
    require(can_edit_profile(request.user, partner))
    form = PartnerHoursForm(posted(request), initial=PartnerHoursForm.initial_for(partner))

    def save() -> None:
        services.change_partner_hours(partner, **form.facts, actor=request.user)

    if _saved(request, form, save):
        return SeeOther(place.home)
    more = {"title": _("Business hours"), "zone": portal.current().zone}
    return _page(request, "partners/hours.html", form, place, more)


def contacts(request: PrmRequest, partner: Partner, place: Place) -> HttpResponse:
    """The people the vendor deals with; two queries."""
    may_edit = partner.ended_at is None and can_edit_profile(request.user, partner)
    rows = [
        (contact, place.url("contact", str(contact.uid)) if may_edit else "")
        for contact in contacts_of(partner)
    ]
    context = {
        "rows": rows,
        "partner": partner,
        "place": place,
        "add_url": place.url("contact-add") if may_edit else "",
    }
    return render(request, "partners/contacts.html", context)


def contact_add(request: PrmRequest, partner: Partner, place: Place) -> HttpResponse:
    """Somebody who does not sign in here."""
    require(can_edit_profile(request.user, partner))
    form = ContactForm(posted(request), on_behalf=_on_behalf(request))

    def save() -> None:
        services.add_contact(partner, form.facts, actor=request.user)

    if _saved(request, form, save):
        return SeeOther(place.url("contacts"))
    return _page(request, "partners/contact.html", form, place, {"title": _("Add a contact")})


def contact(request: PrmRequest, partner: Partner, uid: str, place: Place) -> HttpResponse:
    """One contact: functions, telephone, signing authority; name and address of who cannot sign in."""
    require(can_edit_profile(request.user, partner))
    found = _contact(partner, uid)
    form = ContactForm(
        posted(request),
        contact=found,
        on_behalf=_on_behalf(request),
        initial=ContactForm.initial_of(found),
    )

    def save() -> None:
        services.edit_contact(found, form.facts, actor=request.user)

    if _saved(request, form, save):
        return SeeOther(place.url("contacts"))
    more = {
        "title": found.name,
        "contact": found,
        "remove_url": "" if found.user_id else place.url("contact-remove", uid),
    }
    return _page(request, "partners/contact.html", form, place, more)


def contact_remove(request: PrmRequest, partner: Partner, uid: str, place: Place) -> HttpResponse:
    """Take a contact off the profile; one who can sign in is removed under people."""
    require(can_edit_profile(request.user, partner))
    found = _contact(partner, uid)
    try:
        services.remove_contact(found, actor=request.user)
    except services.CanSignIn:
        messages.error(
            request, _("%(name)s can sign in: remove the person instead.") % _named(found)
        )
    except services.PartnerEnded:
        messages.error(request, _ended())
    else:
        messages.success(request, _("%(name)s is no longer a contact.") % _named(found))
    return SeeOther(place.url("contacts"))


def _contact(partner: Partner, uid: str) -> Contact:
    found: Contact = get_object_or_404(contacts_of(partner), uid=uid)
    return found


def _named(found: Contact) -> dict[str, str]:
    return {"name": found.name}


def _saved(request: PrmRequest, form: django_forms.Form, save: Callable[[], None]) -> bool:
    """Call the service when the form is clean; a refusal becomes an error on the form."""
    if not form.is_bound or not form.is_valid():
        return False
    try:
        save()
    except services.ContactTaken:
        form.add_error("email", _("Another contact has this address."))
    except services.PartnerEnded:
        form.add_error(None, _ended())
    except HoursInvalid as error:
        form.add_error(None, str(error))
    except services.PartnerRefused:
        form.add_error(None, _("This cannot be saved. Check what you entered."))
    else:
        messages.success(request, _("Saved."))
        return True
    return False


def _ended() -> str:
    return _("This partnership has ended. Reopen it first.")


def _page(
    request: PrmRequest,
    template: str,
    form: django_forms.Form,
    place: Place,
    more: dict[str, Any],
) -> HttpResponse:
    context = {"form": form, "place": place, **more}
    return render(request, template, context, status=422 if form.is_bound else 200)


def _on_behalf(request: PrmRequest) -> bool:
    return acted_by(request.user) is not None
