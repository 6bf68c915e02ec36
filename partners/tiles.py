"""What waits in this room, for the home page."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from partners.selectors import missing_acceptances, open_invitations, partner_of
from prm.home import Tile
from prm.http import PrmRequest


def invited_colleagues(request: PrmRequest) -> Iterator[Tile]:
    """Colleagues who were invited and have not joined; no tile without one."""
    partner = partner_of(request.user)
    count = open_invitations(partner).count() if partner else 0
    if count:
        yield Tile(
            _("Invited colleagues"), reverse("partners:own"), count, "info", _("Not joined yet")
        )


def terms_to_accept(request: PrmRequest) -> Iterator[Tile]:
    """Terms that somebody with signing authority has not accepted yet; no tile without any."""
    partner = partner_of(request.user)
    count = len(missing_acceptances(partner)) if partner else 0
    if count:
        yield Tile(
            _("Terms to accept"), reverse("partners:profile"), count, "warning", _("Needs a signer")
        )
