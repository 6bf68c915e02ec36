from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CompaniesConfig(AppConfig):
    """Who the customer is: identity, names, matching, designation."""

    name = "companies"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register navigation, words of events, and the recount of key frequencies."""
        from companies import finding

        finding.register()
        from companies import jobs, tasks, words
        from companies.services import designating, versions
        from prm.access import VENDOR_ROLES, Audience, Role
        from prm.ui import nav

        words.register()
        tasks.register()
        jobs.register()
        versions.register()
        designating.register()
        nav.register(
            nav.NavItem(
                _("Companies"),
                "companies:list",
                "building",
                frozenset({Audience.VENDOR}),
                roles=frozenset(VENDOR_ROLES),
                order=40,
            ),
            nav.NavItem(
                _("Name matching"),
                "companies:tuning",
                "similar",
                frozenset({Audience.VENDOR}),
                roles=frozenset({Role.ADMINISTRATOR}),
                order=840,
                group=_("Settings"),
            ),
        )
