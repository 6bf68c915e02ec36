"""Running deals from another system; mounted at /settings/deals/import/."""

from django.urls import path

from registrations.views import imports

urlpatterns = [
    path("", imports.index, name="imports"),
    path("example/", imports.sample, name="import-example"),
    path("<uuid:uid>/", imports.detail, name="import"),
    path("<uuid:uid>/columns/", imports.columns, name="import-columns"),
    path("<uuid:uid>/rows/", imports.rows, name="import-rows"),
    path("<uuid:uid>/start/", imports.start, name="import-start"),
    path("<uuid:uid>/discard/", imports.discard, name="import-discard"),
    path("<uuid:uid>/undo/", imports.undo, name="import-undo"),
    path("<uuid:uid>/report/", imports.report, name="import-report"),
]
