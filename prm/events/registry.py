"""What the ledger tells the rest of the kernel when the app starts: navigation and its own events."""

from django.utils.translation import gettext_lazy as _

from prm.access import Audience, Role
from prm.events import labels
from prm.ui import nav


def register() -> None:
    """Fill the registries; called when the app starts."""
    nav.register(
        nav.NavItem(
            _("Audit list"),
            "events:list",
            "ledger",
            {Audience.VENDOR, Audience.OPERATOR},
            {Role.ADMINISTRATOR, Role.ANALYST, Role.OPERATOR},
            order=860,
            group=_("Settings"),
        )
    )
    labels.register("ledger.verified", _("Ledger checked"), icon="shield")
    labels.register("ledger.exported", _("Ledger exported"), icon="download")
    labels.register("ledger.erased", _("Private details erased"), icon="trash", tone="warning")
    labels.register_fields(
        {  # the rooms, as groups of the audit list's filter
            "catalog": _("Catalog"),
            "company": _("Companies"),
            "holds": _("Chain holds"),
            "invitation": _("Invitations"),
            "ledger": _("Ledger"),
            "link": _("Links in mails"),
            "message": _("Messages"),
            "partner": _("Partners"),
            "portal": _("Portal settings"),
            "protection": _("Protections"),
            "registration": _("Deals"),
            "tenant": _("Portals"),
            "user": _("People"),
        }
    )
