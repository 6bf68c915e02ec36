"""What people are told about leads; the wording is in templates/notifications/."""

from django.utils.translation import gettext_lazy as _

from notifications import kinds
from notifications.enums import Urgency
from notifications.kinds import Kind

LEADS = _("Leads")

KINDS = (
    Kind("leads.offer", _("A lead is offered to you"), group=LEADS),
    Kind("leads.timed_out", _("The time to answer an offer is over"), group=LEADS),
    Kind("leads.withdrawn", _("An offer is withdrawn"), group=LEADS),
    Kind("leads.taken_back", _("A lead is taken back"), group=LEADS),
    Kind("leads.accepted", _("You have accepted a lead"), group=LEADS, mandatory=False),
    Kind(
        "leads.contact_due",
        _("A first contact is overdue"),
        group=LEADS,
        urgency=Urgency.ROUTINE,
    ),
    Kind(
        "leads.convert_due",
        _("An accepted lead is not a deal yet"),
        group=LEADS,
        mandatory=False,
        urgency=Urgency.ROUTINE,
    ),
    Kind(
        "leads.taken",
        _("A partner has accepted a lead"),
        group=LEADS,
        mandatory=False,
        urgency=Urgency.ROUTINE,
    ),
    Kind("leads.nobody", _("Nobody can get a lead"), group=LEADS),
)


def register() -> None:
    """Make the kinds known; called when the app starts."""
    kinds.register(*KINDS)
