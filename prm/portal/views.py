"""The settings pages: one small form each, for administrators (and operators, at their own portal)."""

from collections.abc import Callable
from datetime import date
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlencode

from django import forms as django_forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from prm import clock, uploads
from prm.access import Audience, Role, access
from prm.http import PrmRequest, SeeOther, posted, see_other
from prm.portal import forms, pages, services
from prm.portal.logo import stored as stored_logo
from prm.portal.models import Closure
from prm.portal.selectors import current, opening_hours
from prm.ui import brand as colours
from prm.uploads import UploadRefused

A_YEAR = 365 * 24 * 60 * 60

get_or_post = require_http_methods(["GET", "HEAD", "POST"])
for_administrators = access(
    Audience.VENDOR, Audience.OPERATOR, roles={Role.ADMINISTRATOR, Role.OPERATOR}
)
for_vendors = access(Audience.VENDOR, roles={Role.ADMINISTRATOR})


@for_administrators
@require_safe
def overview(request: PrmRequest) -> HttpResponse:
    """What is set, with a way to each page."""
    lines = pages.overview(current(), request.user.audience)
    return render(request, "portal/overview.html", {"settings": lines})


@for_vendors
@get_or_post
def brand(request: PrmRequest) -> HttpResponse:
    """Name and colour; "Show this colour" previews without saving."""
    if request.method == "POST" and "preview" in request.POST:
        typed = {name: request.POST.get(name, "")[:80] for name in ("name", "colour")}
        return SeeOther(f"{request.path}?{urlencode(typed)}")
    if request.method != "POST":
        return _brand_page(request)
    form = forms.BrandForm(request.POST)
    if form.is_valid():
        services.change_brand(**form.cleaned_data, actor=request.user)
        messages.success(request, _("Name and colour saved."))
        return see_other("portal:brand")
    return _brand_page(request, brand_form=form)


@for_vendors
@require_safe
def brand_preview(request: PrmRequest) -> HttpResponse:
    """How a colour will look, for the colour picker."""
    previews = _previews(request.GET.get("colour", ""))
    return render(request, "portal/_preview.html", {"previews": previews})


@for_vendors
@require_POST
def logo_change(request: PrmRequest) -> HttpResponse:
    """Take an image as the logo; a file that may not come in says so beside the field."""
    logo_form = forms.LogoForm(request.POST, request.FILES)
    if logo_form.is_valid():
        try:
            services.change_logo(upload=logo_form.cleaned_data["logo"], actor=request.user)
        except UploadRefused as refused:
            logo_form.add_error("logo", str(refused.text))
        else:
            messages.success(request, _("Logo saved."))
            return see_other("portal:brand")
    return _brand_page(request, logo_form=logo_form)


@for_vendors
@require_POST
def logo_remove(request: PrmRequest) -> HttpResponse:
    """Take the logo away."""
    services.remove_logo(actor=request.user)
    messages.success(request, _("Logo removed."))
    return see_other("portal:brand")


@access(Audience.PUBLIC)
@require_safe
def logo(request: HttpRequest, name: str) -> FileResponse:
    """The logo that the portal has now; its name changes with it, so it is kept for long."""
    kept = current().logo
    if not kept or PurePosixPath(kept).name != name:
        raise Http404
    return uploads.serve(stored_logo(kept), inline=True, max_age=A_YEAR)


@for_administrators
@get_or_post
def languages(request: PrmRequest) -> HttpResponse:
    """Which languages the portal speaks."""
    form = forms.LanguagesForm(posted(request), initial=_initial(forms.LanguagesForm))

    def save() -> None:
        services.change_languages(**form.cleaned_data, actor=request.user)

    return _form_page(request, form, save, _("Languages"))


@for_administrators
@get_or_post
def zone(request: PrmRequest) -> HttpResponse:
    """The portal's time zone."""
    form = forms.ZoneForm(posted(request), initial=_initial(forms.ZoneForm))

    def save() -> None:
        services.change_zone(**form.cleaned_data, actor=request.user)

    return _form_page(request, form, save, _("Time zone"))


@for_vendors
@get_or_post
def currency(request: PrmRequest) -> HttpResponse:
    """The currency of new amounts."""
    form = forms.CurrencyForm(posted(request), initial=_initial(forms.CurrencyForm))

    def save() -> None:
        services.change_currency(**form.cleaned_data, actor=request.user)

    return _form_page(request, form, save, _("Currency"))


@for_administrators
@get_or_post
def sender(request: PrmRequest) -> HttpResponse:
    """Who mails come from."""
    form = forms.SenderForm(posted(request), initial=_initial(forms.SenderForm))

    def save() -> None:
        services.change_sender(**form.cleaned_data, actor=request.user)

    return _form_page(request, form, save, _("Mail sender and help"))


@for_administrators
@get_or_post
def security(request: PrmRequest) -> HttpResponse:
    """Whether staff need a second factor."""
    form = forms.SecurityForm(posted(request), initial=_initial(forms.SecurityForm))

    def save() -> None:
        services.change_security(**form.cleaned_data, actor=request.user)

    return _form_page(request, form, save, _("Sign-in security"))


@for_vendors
@get_or_post
def hours(request: PrmRequest) -> HttpResponse:
    """The week's opening hours, with holidays and closed days beside them."""
    initial = forms.HoursForm.initial_of(opening_hours())
    form = forms.HoursForm(posted(request), initial=initial)
    if form.is_bound and form.is_valid():
        services.change_hours(week=form.week, actor=request.user)
        messages.success(request, _("Opening hours saved."))
        return see_other("portal:hours")
    return _hours_page(request, hours_form=form)


@for_vendors
@require_POST
def holidays(request: PrmRequest) -> HttpResponse:
    """Whose public holidays count."""
    form = forms.HolidaysForm(request.POST)
    if not form.is_valid():
        return _hours_page(request, holidays_form=form)
    services.change_holidays(country=form.cleaned_data["country"], actor=request.user)
    messages.success(request, _("Public holidays saved."))
    return see_other("portal:hours")


@for_vendors
@require_POST
def closure_add(request: PrmRequest) -> HttpResponse:
    """One more closed day."""
    form = forms.ClosureForm(request.POST)
    if form.is_valid():
        try:
            services.add_closure(**form.cleaned_data, actor=request.user)
        except services.DayClosedAlready:
            form.add_error("day", _("This day is closed already."))
        else:
            messages.success(request, _("Closed day added."))
            return see_other("portal:hours")
    return _hours_page(request, closure_form=form)


@for_vendors
@require_POST
def closure_remove(request: PrmRequest, day: str) -> HttpResponse:
    """Open again on a day; a day that is not closed answers like one that was just opened."""
    try:
        closure = Closure.objects.filter(day=date.fromisoformat(day)).first()
    except ValueError as error:
        raise Http404 from error
    if closure is not None:
        services.remove_closure(closure, actor=request.user)
        messages.success(request, _("Closed day removed."))
    return see_other("portal:hours")


def _form_page(
    request: PrmRequest,
    form: django_forms.Form,
    save: Callable[[], Any],
    title: str,
) -> HttpResponse:
    """Show a form, or save it and go back to the overview; errors answer 422."""
    if form.is_bound and form.is_valid():
        try:
            save()
        except services.SettingRefused:
            form.add_error(None, _("This cannot be saved. Check what you entered."))
        else:
            messages.success(request, _("Saved."))
            return see_other("portal:overview")
    context = {"form": form, "title": title}
    return render(request, "portal/form.html", context, status=422 if form.is_bound else 200)


def _brand_page(
    request: PrmRequest,
    brand_form: forms.BrandForm | None = None,
    logo_form: forms.LogoForm | None = None,
) -> HttpResponse:
    """Show the two forms of the page; a bound one has errors."""
    portal = current()
    initial = {"name": portal.name, "colour": portal.brand_colour}
    initial |= {name: request.GET[name][:80] for name in initial if name in request.GET}
    shown = brand_form or forms.BrandForm(initial=initial)
    bound = brand_form or logo_form
    context = {
        "form": bound,
        "brand_form": shown,
        "logo_form": logo_form or forms.LogoForm(),
        "previews": _previews(str(shown["colour"].value() or portal.brand_colour)),
    }
    return render(request, "portal/brand.html", context, status=422 if bound else 200)


def _hours_page(
    request: PrmRequest,
    hours_form: forms.HoursForm | None = None,
    holidays_form: forms.HolidaysForm | None = None,
    closure_form: forms.ClosureForm | None = None,
) -> HttpResponse:
    """Show the three forms of the page; a bound one has errors."""
    portal = current()
    bound = next((f for f in (hours_form, holidays_form, closure_form) if f and f.is_bound), None)
    context = {
        "form": bound,
        "hours_form": hours_form
        or forms.HoursForm(initial=forms.HoursForm.initial_of(opening_hours())),
        "holidays_form": holidays_form
        or forms.HolidaysForm(initial={"country": portal.holidays_country}),
        "closure_form": closure_form or forms.ClosureForm(),
        "closures": _coming_closures(),
        "zone": portal.zone,
    }
    return render(request, "portal/hours.html", context, status=422 if bound else 200)


def _coming_closures() -> QuerySet[Closure]:
    """Return closed days from today on."""
    return Closure.objects.filter(day__gte=clock.today(current().zone))


def _initial(form: type[django_forms.Form]) -> dict[str, Any]:
    return forms.initial_of(current(), form)


def _previews(colour: str) -> list[dict[str, Any]]:
    """Return how a colour looks in light and dark, with its contrasts; nothing for no colour."""
    try:
        light, dark = colours.tokens(colour)
    except colours.ColourInvalid:
        return []
    surfaces = ((_("Light"), light, "#ffffff", "#1b2330"), (_("Dark"), dark, "#181f2c", "#e6e9ef"))
    return [
        {
            "theme": theme,
            "tones": tones,
            "surface": surface,
            "text": text,
            "button_contrast": f"{colours.contrast(tones.primary, tones.on_primary):.1f}",
            "link_contrast": f"{colours.contrast(tones.link, surface):.1f}",
        }
        for theme, tones, surface, text in surfaces
    ]
