"""What waits in this room, for the home page."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from prm.home import Tile
from prm.http import PrmRequest
from users import selectors


def open_invitations(request: PrmRequest) -> Iterator[Tile]:
    """Invitations that nobody has answered; no tile without one."""
    count = selectors.pending_invitations(request.user).count()
    if count:
        url = reverse("users:invitations")
        yield Tile(_("Open invitations"), url, count, "info", _("Not answered yet"))
