"""Both sides' pages about partners, their profiles and terms, under one namespace."""

from django.urls import include, path

from partners.urls import agreements, manage, partner
from partners.views import manage_profile, terms

app_name = "partners"
urlpatterns = [
    path("manage/partners/", include(manage.urlpatterns)),
    path("manage/agreements/", include(agreements.urlpatterns)),
    path("settings/profiles/", manage_profile.rule, name="profile-rule"),
    path("receipts/<str:reference>.pdf", terms.receipt, name="receipt"),
    path("partner/", include(partner.urlpatterns)),
]
