"""Pages of the catalog, under /settings/catalog/."""

from django.urls import path, register_converter

from catalog import views
from catalog.enums import Kind


class KindConverter:
    """One of the kinds of entries, in an address."""

    regex = "|".join(Kind.values)

    def to_python(self, value: str) -> Kind:
        """Return the kind."""
        return Kind(value)

    def to_url(self, value: Kind | str) -> str:
        """Return its part of the address."""
        return Kind(value).value


register_converter(KindConverter, "catalog_kind")

app_name = "catalog"
urlpatterns = [
    path("", views.index, name="index"),
    path("<catalog_kind:kind>/", views.entries, name="entries"),
    path("<catalog_kind:kind>/add/", views.add, name="add"),
    path("<catalog_kind:kind>/<slug:code>/", views.edit, name="edit"),
    path("<catalog_kind:kind>/<slug:code>/retire/", views.retire, name="retire"),
    path("<catalog_kind:kind>/<slug:code>/restore/", views.restore, name="restore"),
    path("<catalog_kind:kind>/<slug:code>/move/", views.move, name="move"),
]
