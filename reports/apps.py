from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    """Home pages and reports: reads over everything below, no rows of its own."""

    name = "reports"

    def ready(self) -> None:
        """Put the home page first in the navigation, and the reports where staff find them."""
        from prm import home
        from prm.access import VENDOR_ROLES, Audience
        from prm.ui.nav import NavItem, register
        from reports.tiles import READERS, companies_with_deals

        register(
            NavItem(_("Home"), "home", "home", {Audience.SIGNED_IN}, order=0),
            NavItem(
                _("Reports"),
                "reports:open-by-company",
                "ledger",
                {Audience.VENDOR},
                roles=set(VENDOR_ROLES),
                order=400,
            ),
        )
        home.register({Audience.VENDOR}, READERS, companies_with_deals, order=60)
