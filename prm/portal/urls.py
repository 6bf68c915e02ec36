"""Pages of the portal's settings, under /settings/."""

from django.urls import path

from prm.portal import rate_views, views

app_name = "portal"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("brand/", views.brand, name="brand"),
    path("brand/preview/", views.brand_preview, name="brand-preview"),
    path("brand/logo/", views.logo_change, name="logo-change"),
    path("brand/logo/remove/", views.logo_remove, name="logo-remove"),
    path("languages/", views.languages, name="languages"),
    path("zone/", views.zone, name="zone"),
    path("hours/", views.hours, name="hours"),
    path("hours/holidays/", views.holidays, name="holidays"),
    path("hours/closures/", views.closure_add, name="closure-add"),
    path("hours/closures/<str:day>/remove/", views.closure_remove, name="closure-remove"),
    path("currency/", views.currency, name="currency"),
    path("rates/", rate_views.rates, name="rates"),
    path("rates/add/", rate_views.add, name="rate-add"),
    path("sender/", views.sender, name="sender"),
    path("security/", views.security, name="security"),
]
