"""What waits in this room, for the home page."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from notifications.models import TROUBLE, Message
from prm.home import Tile
from prm.http import PrmRequest


def trouble(request: PrmRequest) -> Iterator[Tile]:
    """Mails that failed or whose fate is unknown; usually none, and then no tile."""
    count = Message.objects.visible_to(request.user).filter(state__in=TROUBLE).count()
    if count:
        query = urlencode({"state": [state.value for state in TROUBLE]}, doseq=True)
        url = f"{reverse('notifications:log')}?{query}"
        yield Tile(_("Mails in trouble"), url, count, "danger", _("Look into it"))
