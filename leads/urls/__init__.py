"""The three sides of leads: /agent/leads/, /leads/ for partners, /manage/leads/ for the vendor's staff."""

from django.urls import include, path

from leads.urls import agent, manage, partner

app_name = "leads"

urlpatterns = [
    path("agent/leads/", include(agent.urlpatterns)),
    path("leads/", include(partner.urlpatterns)),
    path("manage/leads/", include(manage.urlpatterns)),
]
