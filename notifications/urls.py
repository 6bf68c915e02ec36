"""The message log, under /settings/messages/."""

from django.urls import path

from notifications import views

app_name = "notifications"

urlpatterns = [
    path("", views.log, name="log"),
    path("<uuid:uid>/", views.message, name="message"),
    path("<uuid:uid>/arrived/", views.arrived, name="message-arrived"),
    path("<uuid:uid>/again/", views.again, name="message-again"),
]
