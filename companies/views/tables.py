"""The list of companies: its columns and filters."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog.models import Industry
from companies import registry, selectors
from companies.enums import Designation, Standing
from companies.models import Company
from prm import countries
from prm.http import PrmRequest
from prm.ui import cells, lists
from prm.ui.lists import Column, Empty, ListPage

DESIGNATION_TONES: dict[str, str] = {
    Designation.OPEN.value: "neutral",
    Designation.VENDOR_DIRECT.value: "warning",
    Designation.RESTRICTED.value: "danger",
}
STANDING_TONES: dict[str, str] = {
    Standing.PROVISIONAL.value: "info",
    Standing.CONFIRMED.value: "success",
}


class CompanyFilter(django_filters.FilterSet):
    """By designation, standing, country, industry, and whether a deal is open there."""

    designation = django_filters.ChoiceFilter(
        label=_("Designation"), choices=Designation.choices, empty_label=_("Any designation")
    )
    standing = django_filters.ChoiceFilter(
        label=_("Standing"), choices=Standing.choices, empty_label=_("Any standing")
    )
    country = django_filters.ChoiceFilter(
        label=_("Country"), choices=countries.choices, empty_label=_("Any country")
    )

    industry = django_filters.ModelChoiceFilter(
        label=_("Industry"), queryset=Industry.objects.all(), empty_label=_("Any industry")
    )
    deals = django_filters.ChoiceFilter(
        label=_("Deals"),
        method="with_open_deals",
        choices=[("open", _("Open deals"))],
        empty_label=_("Any or none"),
    )

    def with_open_deals(
        self, queryset: QuerySet[Company], _name: str, wanted: str
    ) -> QuerySet[Company]:
        """Narrow to companies where a deal is open."""
        return registry.with_open_deals(queryset) if wanted == "open" else queryset

    class Meta:
        model = Company
        fields: list[str] = []


COLUMNS = (
    Column("name", _("Name"), cells.text("name"), sort="sort_key"),
    Column(
        "country",
        _("Country"),
        cells.text(lambda company: countries.name_of(company.country)),
        sort="country",
    ),
    Column("industry", _("Industry"), cells.text("industry"), sort="industry__position"),
    Column(
        "designation",
        _("Designation"),
        cells.choice("designation", DESIGNATION_TONES),
        sort="designation",
    ),
    Column(
        "standing",
        _("Standing"),
        cells.choice("standing", STANDING_TONES),
        sort="standing",
    ),
    Column("created", _("Added"), cells.moment("created_at", "date"), sort="created_at"),
)


def companies(request: PrmRequest, queryset: QuerySet[Company], add_url: str) -> ListPage:
    """The list, by name."""
    action: Any = _("Add a company") if add_url else ""
    return lists.build(
        request,
        saved=True,
        queryset=queryset,
        columns=COLUMNS,
        filterset=CompanyFilter,
        promoted=("designation", "standing", "country", "deals"),
        search=selectors.search,
        default_sort="name",
        row_url=lambda company: reverse("companies:detail", args=[company.uid]),
        title=_("Companies"),
        export_name="companies",
        empty=Empty(
            _("No companies yet"),
            _("They appear when partners register deals, or when you add your named accounts."),
            action,
            add_url,
        ),
    )
