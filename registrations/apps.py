from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from prm.access import VENDOR_ROLES, Audience, Role


class RegistrationsConfig(AppConfig):
    """Deal registration: conflicts, decisions, protection."""

    name = "registrations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fill the registries of the rooms below."""
        from companies import registry
        from prm import receipts
        from registrations import (  # noqa: F401
            engagement,
            finding,
            jobs,
            kinds,
            labels,
            merging,
            records,
            reminders,
        )
        from registrations import receipts as own_receipts
        from registrations import registry as moves
        from registrations.services import effects, evidence, extensions  # noqa: F401
        from registrations.views import landing  # noqa: F401

        engagement.register()
        finding.register()
        kinds.register()
        jobs.register()
        labels.register()
        records.register()
        receipts.register(own_receipts.PREFIX, own_receipts.find)
        moves.on_discarded(evidence.forget_files)
        moves.on_closed(extensions.lapse)
        registry.on_merge(merging.repoint)
        registry.on_unmerge(merging.check_unmerge)
        registry.on_split("deals", _("Deals"), merging.divisible, merging.part)
        registry.add_count(merging.counts)
        registry.add_panel(merging.panel)
        registry.set_open_deals(merging.with_open_deals)
        self._home()
        self._settings()
        self._partners_navigation()
        self._desk_navigation()

    @staticmethod
    def _settings() -> None:
        from prm.ui import nav
        from prm.ui.nav import NavItem

        nav.register(
            NavItem(
                _("Availability check"),
                "registrations:availability-settings",
                "search",
                {Audience.VENDOR},
                roles={Role.ADMINISTRATOR},
                order=830,
                group=_("Settings"),
            ),
            NavItem(
                _("Import of deals"),
                "registrations:imports",
                "upload",
                {Audience.VENDOR},
                roles={Role.ADMINISTRATOR},
                order=835,
                group=_("Settings"),
            ),
        )

    @staticmethod
    def _partners_navigation() -> None:
        from prm.ui import nav
        from prm.ui.nav import NavItem

        nav.register(
            NavItem(_("Deals"), "registrations:list", "deal", {Audience.PARTNER}, order=10),
            NavItem(
                _("Check a customer"),
                "registrations:availability",
                "search",
                {Audience.PARTNER},
                order=20,
            ),
        )

    @staticmethod
    def _desk_navigation() -> None:
        from prm.ui import nav
        from prm.ui.nav import NavItem
        from registrations.counts import waiting_count

        nav.register(
            NavItem(
                _("Availability checks"),
                "registrations:manage-checks",
                "search",
                {Audience.VENDOR},
                roles=set(VENDOR_ROLES),
                order=310,
            ),
            NavItem(
                _("Decisions"),
                "registrations:manage-queue",
                "conflict",
                {Audience.VENDOR},
                roles=set(VENDOR_ROLES),
                order=10,
                count=waiting_count,
            ),
            NavItem(
                _("All deals"),
                "registrations:manage-list",
                "deal",
                {Audience.VENDOR},
                roles=set(VENDOR_ROLES),
                order=20,
            ),
        )

    @staticmethod
    def _home() -> None:
        from prm import home
        from prm.access import PARTNER_ROLES, Role
        from registrations import tiles

        partner, vendor = {Audience.PARTNER}, {Audience.VENDOR}
        referees = {Role.CHANNEL_MANAGER, Role.ADMINISTRATOR}
        readers = set(VENDOR_ROLES) - referees
        home.register(partner, PARTNER_ROLES, tiles.for_partners, order=20)
        home.register(vendor, referees, tiles.for_referees, order=20)
        home.register(vendor, readers, tiles.for_readers, order=30)
        home.register_feed(partner, PARTNER_ROLES, tiles.lately, order=20)
        home.register_feed(vendor, referees, tiles.next_decisions, order=20)
        home.register_feed(vendor, readers, tiles.registered_lately, order=30)
