"""Numbers for the navigation and the home page: cheap, because they are on every page."""

from leads.models import Lead, Offer
from leads.policies import can_distribute
from prm.http import PrmRequest


def offers_waiting(request: PrmRequest) -> int | None:
    """How many offers wait for the partner's answer; counted once a request."""
    if not hasattr(request, "_offers_waiting"):
        count = Offer.objects.visible_to(request.user).open().count()
        request._offers_waiting = count  # type: ignore[attr-defined]
    return request._offers_waiting or None  # type: ignore[attr-defined]


def leads_waiting(request: PrmRequest) -> int | None:
    """How many qualified leads nobody has, counted once; nothing for those who do not distribute."""
    if not can_distribute(request.user):
        return None
    if not hasattr(request, "_leads_waiting"):
        count = Lead.objects.visible_to(request.user).waiting().count()
        request._leads_waiting = count  # type: ignore[attr-defined]
    return request._leads_waiting or None  # type: ignore[attr-defined]
