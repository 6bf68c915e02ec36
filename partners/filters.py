"""What narrows the list of partners."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from catalog.models import ProductLine, Territory
from partners.models import Partner
from partners.selectors import possible_managers
from prm import countries

ACTIVE, ENDED = "active", "ended"


class PartnerFilter(django_filters.FilterSet):
    """State, channel manager, country, territory, product line."""

    state = django_filters.ChoiceFilter(
        label=_("State"),
        empty_label=_("All"),
        choices=[(ACTIVE, _("Active")), (ENDED, _("Ended"))],
        method="by_state",
    )
    manager = django_filters.ModelChoiceFilter(
        label=_("Channel manager"),
        empty_label=_("All"),
        queryset=lambda request: possible_managers(),
    )
    country = django_filters.ChoiceFilter(
        label=_("Country"), empty_label=_("All"), choices=countries.choices
    )
    territory = django_filters.ModelChoiceFilter(
        label=_("Territory"),
        empty_label=_("All"),
        field_name="territories",
        queryset=lambda request: Territory.objects.all(),
    )
    line = django_filters.ModelChoiceFilter(
        label=_("Product line"),
        empty_label=_("All"),
        field_name="product_lines",
        queryset=lambda request: ProductLine.objects.all(),
    )

    class Meta:
        model = Partner
        fields: tuple[str, ...] = ()

    def by_state(self, partners: QuerySet[Partner], name: str, value: str) -> QuerySet[Partner]:
        """Filter by whether the partnership has ended."""
        return partners.filter(ended_at__isnull=value == ACTIVE)


def search(partners: QuerySet[Partner], text: str) -> QuerySet[Partner]:
    """Return partners with the text in their name or website, or with that reference."""
    return partners.filter(
        Q(name__icontains=text) | Q(website__icontains=text) | Q(reference__iexact=text)
    )


MISSING, ACCEPTED = "missing", "accepted"


class CoverageFilter(django_filters.FilterSet):
    """Which partners have accepted a version and which have not."""

    state = django_filters.ChoiceFilter(
        label=_("State"),
        empty_label=_("All"),
        choices=[(MISSING, _("Missing")), (ACCEPTED, _("Accepted"))],
        method="by_state",
    )

    class Meta:
        model = Partner
        fields: tuple[str, ...] = ()

    def by_state(self, partners: QuerySet[Partner], name: str, value: str) -> QuerySet[Partner]:
        """Filter by whether there is an acceptance."""
        wanted = {"accepted_number__isnull": value == MISSING}  # annotated by `coverage_of`
        return partners.filter(**wanted)
