"""The agent's leads; mounted at /agent/leads/."""

from django.urls import path

from leads.views import agent

urlpatterns = [
    path("", agent.leads, name="agent-list"),
    path("new/", agent.new, name="agent-new"),
    path("new/save/", agent.save_new, name="agent-save-new"),
    path("<str:reference>/", agent.detail, name="agent-detail"),
    path("<str:reference>/edit/", agent.edit, name="agent-edit"),
    path("<str:reference>/save/", agent.save, name="agent-save"),
    path("<str:reference>/qualify/", agent.qualify, name="agent-qualify"),
    path("<str:reference>/disqualify/", agent.disqualify, name="agent-disqualify"),
    path("<str:reference>/discard/", agent.discard, name="agent-discard"),
]
