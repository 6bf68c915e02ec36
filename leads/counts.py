"""Numbers for the navigation: cheap, because they are on every page."""

from leads.models import Lead, Offer
from leads.policies import can_distribute
from prm.http import PrmRequest


def offers_waiting(request: PrmRequest) -> int | None:
    """How many offers wait for the partner's answer."""
    return Offer.objects.visible_to(request.user).open().count() or None


def leads_waiting(request: PrmRequest) -> int | None:
    """How many qualified leads nobody has; nothing for those who do not distribute."""
    if not can_distribute(request.user):
        return None
    return Lead.objects.visible_to(request.user).waiting().count() or None
