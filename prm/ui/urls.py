"""Pages of the frame itself."""

from django.urls import path

from prm.ui import styleguide, views

app_name = "ui"
urlpatterns = [
    path("brand/<str:digest>.css", views.brand_sheet, name="brand"),
    path("preferences/quick/", views.preferences_quick, name="preferences-quick"),
    path("help/", views.help_page, name="help"),
    path("styleguide/", styleguide.index, name="styleguide"),
]
