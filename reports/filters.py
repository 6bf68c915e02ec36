"""What narrows the report; every filter is about the registrations that are grouped, and joins nothing."""

from datetime import date, datetime, time, timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from prm import countries
from registrations.enums import OPEN_STATES
from registrations.models import Registration
from reports import selectors


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _choice(label: Any, method: str) -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(label=label, empty_label=_("All"), method=method)


class OpenFilter(django_filters.FilterSet):
    """State, product line, territory, country, partner, channel manager, days of submission."""

    state = django_filters.MultipleChoiceFilter(
        label=_("Status"), choices=[(state.value, state.label) for state in OPEN_STATES]
    )
    line = _choice(_("Product line"), "with_line")
    partner = _choice(_("Partner"), "by_number")
    place = _choice(_("Territory"), "by_number")
    country = django_filters.ChoiceFilter(
        label=_("Country"), empty_label=_("All"), choices=countries.choices
    )
    manager = _choice(_("Channel manager"), "of_manager")
    since = django_filters.DateFilter(label=_("Registered from"), widget=_day(), method="from_day")
    until = django_filters.DateFilter(label=_("Registered until"), widget=_day(), method="to_day")

    class Meta:
        model = Registration
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = selectors.choices()
        for name, pairs in (
            ("line", found.lines),
            ("place", found.places),
            ("partner", found.partners),
            ("manager", found.managers),
        ):
            self.filters[name].extra["choices"] = pairs

    def with_line(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Deals about a product line, perhaps among others."""
        through = Registration.product_lines.through._default_manager
        claimed = through.filter(registration_id=OuterRef("pk"), productline_id=value)
        return rows.filter(Exists(claimed))

    def by_number(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Deals of a partner, or in a territory."""
        return rows.filter(**{f"{name}_id": value})

    def of_manager(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Deals of the partners that a channel manager looks after."""
        return rows.filter(partner__manager_id=value)

    def from_day(self, rows: QuerySet[Any], name: str, value: date) -> QuerySet[Any]:
        """Deals submitted from the start of a day on, in the reader's zone."""
        return rows.filter(submitted_at__gte=_midnight(value))

    def to_day(self, rows: QuerySet[Any], name: str, value: date) -> QuerySet[Any]:
        """Deals submitted until the end of a day; the last day there is ends never."""
        if value == date.max:
            return rows
        return rows.filter(submitted_at__lt=_midnight(value + timedelta(days=1)))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
