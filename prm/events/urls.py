"""The audit list, under /settings/audit/."""

from django.urls import path

from prm.events import views

app_name = "events"
urlpatterns = [
    path("", views.audit_list, name="list"),
    path("verify/", views.verify, name="verify"),
]
