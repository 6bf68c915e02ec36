"""How large a partner's share of the leads is."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from leads import policies
from leads.models import Turn
from leads.services.core import DISTRIBUTION, Refused
from partners.models import Partner
from prm import events, locks
from prm.access import require
from prm.events import changes
from users.models import User

MOST = 100


@transaction.atomic
def set_weight(partner: Partner, weight: int, *, actor: User) -> Turn:
    """Set a partner's weight, 0 to 100; 0 means no leads. What it had or owes stays.

    Raises PermissionDenied, Refused, Busy.
    """
    require(policies.can_distribute(actor))
    if not 0 <= weight <= MOST:
        raise Refused(_("A weight is a whole number from 0 to 100."))
    locks.hold(DISTRIBUTION)
    turn = Turn.objects.filter(partner=partner).first() or Turn(partner=partner)
    before = turn.weight
    turn.weight = weight
    turn.save()
    if before != weight:
        data = changes.payload({"weight": [before, weight]})
        events.record("lead.weight-set", target=partner, actor=actor, data=data)
    return turn
