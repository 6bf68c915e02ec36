"""What people are told about profiles and terms; the wording is in templates/notifications/."""

from django.utils.translation import gettext_lazy as _

from notifications import kinds
from notifications.enums import Urgency
from notifications.kinds import Kind
from partners.acting import TOLD

ORGANISATION = _("Your organisation")

KINDS = (
    Kind(
        "partners.profile_ending",
        _("Your profile has to be confirmed"),
        group=ORGANISATION,
        urgency=Urgency.ROUTINE,
        newest_only=True,
    ),
    Kind(TOLD, _("Somebody of the vendor acts for you"), group=ORGANISATION),
    Kind("partners.terms_published", _("Terms wait for your acceptance"), group=ORGANISATION),
    Kind("partners.terms_accepted", _("Receipt for accepted terms"), group=ORGANISATION),
)


def register() -> None:
    """Make the kinds known; called when the app starts."""
    kinds.register(*KINDS)
