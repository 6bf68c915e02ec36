"""What waits in this room, for the home page."""

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from partners.selectors import (
    missing_acceptances,
    open_invitations,
    partner_of,
    profile_ends_at,
    profile_rule,
)
from prm import clock
from prm.home import Tile
from prm.http import PrmRequest


def things_to_put_right(request: PrmRequest) -> Iterator[Tile]:
    """Terms that wait for a signer, and a profile that has to be confirmed; no tile without one."""
    partner = partner_of(request.user)
    if partner is None:
        return
    count = len(missing_acceptances(partner))
    if count:
        yield Tile(
            _("Terms to accept"),
            reverse("partners:terms-list"),
            count,
            "warning",
            _("Needed before something closes"),
        )
    rule = profile_rule()
    ends_at = profile_ends_at(partner, rule)
    soon = clock.now() + timedelta(days=max(rule.announce_days, default=0))
    if ends_at is None or ends_at <= soon:
        yield Tile(
            _("Profile to confirm"),
            reverse("partners:profile"),
            1,
            "warning",
            _("Needed to get leads"),
        )


def invited_colleagues(request: PrmRequest) -> Iterator[Tile]:
    """Colleagues who were invited and have not joined; no tile without one."""
    partner = partner_of(request.user)
    count = open_invitations(partner).count() if partner else 0
    if count:
        yield Tile(
            _("Invited colleagues"), reverse("partners:own"), count, "info", _("Not joined yet")
        )
