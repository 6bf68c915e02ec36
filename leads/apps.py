from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from prm.access import PARTNER_ROLES, VENDOR_ROLES, Audience, Role


class LeadsConfig(AppConfig):
    """Leads: intake, qualification, distribution, follow-up."""

    name = "leads"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fill the registries of the rooms below."""
        from leads import finding

        finding.register()
        from companies.registry import on_merge
        from leads import engagement, kinds, labels, records, reminders, tiles  # noqa: F401
        from leads.claims import leads_at
        from leads.merging import repoint
        from leads.services import follow_closed, follow_discarded, follow_submitted
        from leads.views import landing  # noqa: F401
        from prm import home
        from registrations import claims, registry

        engagement.register()
        kinds.register()
        labels.register()
        records.register()
        on_merge(repoint)
        claims.add_source(leads_at)
        registry.on_submitted(follow_submitted)
        registry.on_discarded(follow_discarded)
        registry.on_closed(follow_closed)
        distributors = {Role.CHANNEL_MANAGER, Role.ADMINISTRATOR}
        home.register({Audience.PARTNER}, PARTNER_ROLES, tiles.for_partners, order=18)
        home.register({Audience.VENDOR}, distributors, tiles.for_distributors, order=18)
        home.register({Audience.AGENT}, {Role.LEAD_AGENT}, tiles.for_agents, order=20)
        home.register_feed({Audience.AGENT}, {Role.LEAD_AGENT}, tiles.entered_lately, order=20)
        self._navigation()

    @staticmethod
    def _navigation() -> None:
        from leads.counts import leads_waiting, offers_waiting
        from prm.ui import nav
        from prm.ui.nav import NavItem

        nav.register(
            NavItem(
                _("Leads"),
                "leads:agent-list",
                "inbox",
                {Audience.AGENT},
                roles={Role.LEAD_AGENT},
                order=10,
            ),
            NavItem(
                _("Leads"),
                "leads:list",
                "inbox",
                {Audience.PARTNER},
                roles=set(PARTNER_ROLES),
                order=15,
                count=offers_waiting,
            ),
            NavItem(
                _("Leads"),
                "leads:manage-list",
                "inbox",
                {Audience.VENDOR},
                roles=set(VENDOR_ROLES),
                order=25,
                count=leads_waiting,
            ),
            NavItem(
                _("Shares of leads"),
                "leads:manage-shares",
                "sort",
                {Audience.VENDOR},
                roles=set(VENDOR_ROLES),
                order=26,
            ),
        )
