"""Exchange rates: which are in force, which were, and entering new ones."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from prm.http import PrmRequest, posted, see_other
from prm.portal import services
from prm.portal.forms import RateForm
from prm.portal.rates import rate_list
from prm.portal.selectors import current
from prm.portal.views import for_vendors, get_or_post
from prm.ui import cells, lists


@for_vendors
@require_safe
def rates(request: PrmRequest) -> HttpResponseBase:
    """Every rate to the portal's currency, newest first."""
    home, add_url = current().currency, reverse("portal:rate-add")
    page = lists.build(
        request,
        queryset=rate_list(),
        columns=_columns(home),
        title=_("Exchange rates"),
        search=lambda rows, text: rows.filter(currency__icontains=text),
        default_sort="-since",
        export_name="exchange-rates",
        empty=lists.Empty(
            _("No exchange rates yet"),
            _("Without one, an amount in another currency compares in that currency only."),
            _("Enter a rate"),
            add_url,
        ),
    )
    context = {"add_url": add_url, "home": home}
    return lists.respond(request, page, "portal/rates.html", context)


@for_vendors
@get_or_post
def add(request: PrmRequest) -> HttpResponse:
    """One more rate; the one before stays in the list."""
    form = RateForm(posted(request))
    if form.is_bound and form.is_valid():
        try:
            services.add_rate(
                currency=form.cleaned_data["currency"],
                rate=form.cleaned_data["rate"],
                effective_at=form.effective_at,
                actor=request.user,
            )
        except services.RateRefused:
            form.add_error(None, _("This cannot be saved. Check what you entered."))
        else:
            messages.success(request, _("Exchange rate entered."))
            return see_other("portal:rates")
    context = {"form": form, "home": current().currency}
    return render(request, "portal/rate.html", context, status=422 if form.is_bound else 200)


def _columns(home: str) -> list[lists.Column]:
    worth = _("One unit in %(currency)s") % {"currency": home}
    return [
        lists.Column("currency", _("Currency"), cells.text("currency"), sort="currency"),
        lists.Column("rate", worth, cells.number(_plain), sort="rate", align="end"),
        lists.Column("since", _("Counts from"), cells.moment("effective_at"), sort="effective_at"),
        lists.Column("state", _("State"), cells.status(_state)),
        lists.Column("author", _("Entered by"), cells.text("author")),
    ]


def _plain(rate: Any) -> str:
    """Return a rate without the zeros that the database adds."""
    return f"{rate.rate.normalize():f}"


def _state(rate: Any) -> tuple[str, str, str]:
    if rate.is_coming:
        return _("To come"), "info", "clock"
    if rate.is_past:
        return _("Earlier"), "neutral", "circle"
    return _("In force"), "success", "check"
