"""What waits for the operators, for their home page."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from prm.home import MOST_ITEMS, Feed, Item, Tile
from prm.http import PrmRequest
from prm.ui.lists import Empty
from tenants import selectors
from tenants.enums import PortalState
from tenants.tones import TONES


def portals(request: PrmRequest) -> Iterator[Tile]:
    """Portals by state, trouble first."""
    labels = {
        PortalState.FAILED: _("Portals that failed to open"),
        PortalState.OPENING: _("Portals being opened"),
        PortalState.LEAVING: _("Portals to be deleted"),
        PortalState.SUSPENDED: _("Suspended portals"),
        PortalState.LIVE: _("Live portals"),
    }
    for state, tone in TONES.items():
        count = selectors.in_state(selectors.portals(), state).count()
        url = f"{reverse('tenants:list')}?{urlencode({'state': state.value})}"
        hint = state.label if count else _("None")
        yield Tile(labels[state], url, count, tone if count else "neutral", hint)


def newest(request: PrmRequest) -> Feed:
    """The newest portals."""
    items = [
        Item(
            row.name,
            reverse("tenants:detail", args=[row.uid]),
            row.created_at,
            (str(row.state.label), TONES[row.state], ""),
            row.main_host or "",
        )
        for row in selectors.portals().order_by("-created_at", "-pk")[:MOST_ITEMS]
    ]
    empty = Empty(
        _("No portals yet"),
        _("A portal is one vendor's own site with its own data."),
        _("New portal"),
        reverse("tenants:new"),
    )
    url = reverse("tenants:list")
    return Feed(
        _("Newest portals"), items, empty, _("All portals"), url, str(empty.action), empty.url
    )
