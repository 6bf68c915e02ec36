"""What people are told about registrations; the wording is in templates/notifications/."""

from django.utils.translation import gettext_lazy as _

from notifications import kinds
from notifications.enums import Urgency
from notifications.kinds import Kind

DEALS = _("Deals")
_PROD = ("registrations.prod",)

KINDS = (
    Kind("registrations.received", _("Receipt for a registered deal"), group=DEALS),
    Kind(
        "registrations.arrived",
        _("A deal waits for a decision"),
        group=DEALS,
        mandatory=False,
        urgency=Urgency.ROUTINE,
    ),
    Kind("registrations.escalated", _("A promised decision is at risk"), group=DEALS),
    Kind("registrations.asked", _("The vendor asks about a deal"), group=DEALS, covers=_PROD),
    Kind("registrations.answered", _("A partner has answered"), group=DEALS, mandatory=False),
    Kind("registrations.approved", _("A deal is approved"), group=DEALS, covers=_PROD),
    Kind("registrations.queued", _("A deal is in line"), group=DEALS),
    Kind("registrations.moved_up", _("A deal has moved up"), group=DEALS),
    Kind("registrations.rejected", _("A deal is declined"), group=DEALS),
    Kind(
        "registrations.prod",
        _("Is this deal still active?"),
        group=DEALS,
        urgency=Urgency.ROUTINE,
        newest_only=True,
    ),
    Kind(
        "registrations.ending",
        _("A protection ends soon"),
        group=DEALS,
        urgency=Urgency.ROUTINE,
        newest_only=True,
        covers=_PROD,
    ),
    Kind(
        "registrations.ended",
        _("A protection has ended"),
        group=DEALS,
        urgency=Urgency.ROUTINE,
        covers=_PROD,
    ),
    Kind(
        "registrations.draft_ending",
        _("A draft will be deleted"),
        group=DEALS,
        mandatory=False,
        urgency=Urgency.ROUTINE,
    ),
    Kind("registrations.import_done", _("An import of running deals is done"), group=DEALS),
    Kind(
        "registrations.many_checks",
        _("A partner asks about many customers"),
        group=DEALS,
        urgency=Urgency.ROUTINE,
    ),
)


def register() -> None:
    """Make the kinds known; called when the app starts."""
    kinds.register(*KINDS)
