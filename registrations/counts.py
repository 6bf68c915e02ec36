"""Numbers for the navigation: cheap, because they are on every page."""

from prm.http import PrmRequest
from registrations.models import Registration
from registrations.policies import can_referee


def waiting_count(request: PrmRequest) -> int | None:
    """How many registrations wait for a decision; nothing for those who do not decide."""
    if not can_referee(request.user):
        return None
    known = getattr(request, "_waiting_figures", None)
    if known is not None:  # the home page has counted already
        return known.waiting or None
    counted = getattr(request, "_desk_figures", None)
    if counted is not None:  # and so has the desk
        return counted.waiting or None
    return Registration.objects.visible_to(request.user).waiting().count() or None
