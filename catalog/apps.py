from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """Names that other rooms refer to: product lines, territories, industries, skills, tiers."""

    name = "catalog"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the kernel what it must know of this room."""
        from catalog import registry

        registry.register()
