"""Both sides of registrations: /deals/ for partners, /manage/registrations/ for the vendor's staff."""

from django.urls import include, path

from registrations.urls import imports, manage, partner
from registrations.views import availability, search

app_name = "registrations"

urlpatterns = [
    path("deals/", include(partner.urlpatterns)),
    path("manage/registrations/", include(manage.urlpatterns)),
    path("manage/search/", search.everything, name="manage-search"),
    path("manage/availability/", availability.every, name="manage-checks"),
    path("settings/deals/import/", include(imports.urlpatterns)),
    path("settings/availability/", availability.settings, name="availability-settings"),
]
