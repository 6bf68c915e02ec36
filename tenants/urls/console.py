"""The operators' console, at /tenants/ of their own tenant."""

from django.urls import path

from tenants.views import console, health, lifecycle

app_name = "tenants"
urlpatterns = [
    path("", console.portals, name="list"),
    path("health/", health.overview, name="health"),
    path("new/", console.new, name="new"),
    path("<uuid:uid>/", console.detail, name="detail"),
    path("<uuid:uid>/suspend/", console.suspend, name="suspend"),
    path("<uuid:uid>/resume/", console.resume, name="resume"),
    path("<uuid:uid>/retry/", console.retry, name="retry"),
    path("<uuid:uid>/rename/", lifecycle.rename, name="rename"),
    path("<uuid:uid>/delete/", lifecycle.delete, name="delete"),
    path("<uuid:uid>/keep/", lifecycle.keep, name="keep"),
    path("<uuid:uid>/export/", lifecycle.export, name="export"),
    path("exports/<uuid:uid>/", lifecycle.fetch, name="export-fetch"),
]
