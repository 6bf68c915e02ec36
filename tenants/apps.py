from django.apps import AppConfig


class TenantsConfig(AppConfig):
    """Vendors of this installation, the operators' console and the demo."""

    name = "tenants"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fill the navigation of the console and name its events."""
        from django.utils.translation import gettext_lazy as _

        from prm import home
        from prm.access import Audience, Role
        from prm.events import codes
        from prm.ui import nav
        from tenants import checks, record, tiles  # noqa: F401 - registers the checks

        home.register({Audience.OPERATOR}, {Role.OPERATOR}, tiles.portals, order=10)
        home.register_feed({Audience.OPERATOR}, {Role.OPERATOR}, tiles.newest)
        codes.name_codes(record.NAMES)
        nav.register(
            nav.NavItem(_("Portals"), "tenants:list", "building", {Audience.OPERATOR}, order=10)
        )
