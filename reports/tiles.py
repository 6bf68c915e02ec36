"""What reports put on the home page."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from prm.access import Role
from prm.home import Tile
from prm.http import PrmRequest
from reports import selectors

READERS = frozenset({Role.FINANCE, Role.LEGAL, Role.ANALYST})


def companies_with_deals(request: PrmRequest) -> Iterator[Tile]:
    """How many customers are sought after now."""
    count = selectors.companies_with_deals(request.user)
    url = reverse("reports:open-by-company")
    yield Tile(_("Companies with open deals"), url, count, "neutral", _("Report"))
