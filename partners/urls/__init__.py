"""Both sides' pages about partners under one namespace: /manage/partners/ and /partner/."""

from django.urls import include, path

from partners.urls import manage, partner

app_name = "partners"
urlpatterns = [
    path("manage/partners/", include(manage.urlpatterns)),
    path("partner/", include(partner.urlpatterns)),
]
