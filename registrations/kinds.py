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
    Kind("registrations.reopened", _("A declined deal is open again"), group=DEALS),
    Kind("registrations.revoked", _("A protection is revoked"), group=DEALS, covers=_PROD),
    Kind("registrations.split", _("A deal is split in two"), group=DEALS),
    Kind("registrations.assigned", _("You are given a deal to decide"), group=DEALS),
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
    Kind("registrations.handed_over", _("A colleague hands you a deal"), group=DEALS),
    Kind("registrations.vendor_wrote", _("The vendor writes about a deal"), group=DEALS),
    Kind("registrations.file_received", _("The vendor adds a file to a deal"), group=DEALS),
    Kind(
        "registrations.partner_wrote",
        _("A partner writes about a deal"),
        group=DEALS,
        mandatory=False,
    ),
    Kind(
        "registrations.file_added",
        _("A partner adds evidence"),
        group=DEALS,
        mandatory=False,
        urgency=Urgency.ROUTINE,
    ),
    Kind("registrations.extension_asked", _("A partner asks for more time"), group=DEALS),
    Kind("registrations.extension_granted", _("A deal has more time"), group=DEALS, covers=_PROD),
    Kind("registrations.extension_refused", _("A deal has no more time"), group=DEALS),
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
