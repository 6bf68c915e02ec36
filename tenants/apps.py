from django.apps import AppConfig


class TenantsConfig(AppConfig):
    """Vendors of this installation, the operators' console and the demo."""

    name = "tenants"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fill the navigation of the console and name its events."""
        from django.utils.translation import gettext_lazy as _

        from prm.access import Audience
        from prm.events import codes
        from prm.ui import nav
        from tenants import checks, record  # noqa: F401 - registers the checks

        codes.name_codes(record.NAMES)
        nav.register(
            nav.NavItem(_("Portals"), "tenants:list", "building", {Audience.OPERATOR}, order=10)
        )
