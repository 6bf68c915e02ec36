"""What waits in this room, for the home page: tiles, and an agent's list below them."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from leads.counts import leads_waiting, offers_waiting
from leads.enums import AGENT_STATES, OfferState, State
from leads.models import Lead
from leads.views.common import status_of
from prm.home import MOST_ITEMS, Feed, Item, Tile
from prm.http import PrmRequest
from prm.ui.lists import Empty


def for_partners(request: PrmRequest) -> Iterator[Tile]:
    """Offers that run out unless somebody answers; no tile without one."""
    count = offers_waiting(request)
    if count:
        url = _address("leads:list", OfferState.OFFERED)
        yield Tile(_("Leads to accept"), url, count, "warning", _("Time runs"))


def for_distributors(request: PrmRequest) -> Iterator[Tile]:
    """Qualified leads that nobody has; no tile without one."""
    count = leads_waiting(request)
    if count:
        url = _address("leads:manage-list", State.QUALIFIED)
        yield Tile(_("Leads to hand out"), url, count, "warning", _("Nobody’s yet"))


def for_agents(request: PrmRequest) -> Iterator[Tile]:
    """What an agent has begun, and what nobody has accepted yet."""
    own = Lead.objects.visible_to(request.user)
    begun = own.filter(state__in=AGENT_STATES).count()
    yield Tile(
        _("To be qualified"), _address("leads:agent-list", *AGENT_STATES), begun, "info", _("Yours")
    )
    handed = own.filter(state__in=(State.QUALIFIED, State.OFFERED)).count()
    url = _address("leads:agent-list", State.QUALIFIED, State.OFFERED)
    yield Tile(_("On the way to a partner"), url, handed, "neutral", _("Handed over"))


def entered_lately(request: PrmRequest) -> Feed:
    """An agent's leads that changed last; a newcomer is led to the first one."""
    rows = Lead.objects.visible_to(request.user).order_by("-updated_at", "-id")
    items = [
        Item(
            str(row),
            reverse("leads:agent-detail", args=[row.reference]),
            row.updated_at,
            status_of(row),
            row.reference,
        )
        for row in rows[:MOST_ITEMS]
    ]
    empty = Empty(
        _("Enter your first lead"),
        _("Once it is qualified, the vendor hands it to a partner."),
        _("Enter a lead"),
        reverse("leads:agent-new"),
    )
    url = reverse("leads:agent-list")
    return Feed(
        _("Changed lately"), items, empty, _("All leads"), url, str(empty.action), empty.url
    )


def _address(name: str, *states: str) -> str:
    return f"{reverse(name)}?{urlencode([('state', state) for state in states])}"
