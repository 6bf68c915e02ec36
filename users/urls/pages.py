"""One's own preferences, and the people of this portal."""

from django.urls import path

from users.views import me, people, views

app_name = "users"

urlpatterns = [
    path("me/", me.preferences, name="me"),
    path("me/security/", me.security, name="security"),
    path("me/views/", views.views, name="views"),
    path("me/views/save/", views.save, name="view-save"),
    path("me/views/<uuid:uid>/rename/", views.rename, name="view-rename"),
    path("me/views/<uuid:uid>/delete/", views.delete, name="view-delete"),
    path("settings/people/", people.people, name="people"),
    path("settings/people/invite/", people.invite, name="invite"),
    path("settings/people/invitations/", people.invitations, name="invitations"),
    path("settings/people/invitations/<uuid:uid>/resend/", people.resend, name="invitation-resend"),
    path(
        "settings/people/invitations/<uuid:uid>/withdraw/",
        people.withdraw,
        name="invitation-withdraw",
    ),
    path("settings/people/<uuid:uid>/", people.person, name="person"),
    path("settings/people/<uuid:uid>/name/", people.rename, name="rename"),
    path("settings/people/<uuid:uid>/roles/", people.roles, name="roles"),
    path("settings/people/<uuid:uid>/disable/", people.disable, name="disable"),
    path("settings/people/<uuid:uid>/enable/", people.enable, name="enable"),
    path("settings/people/<uuid:uid>/second-factor/", people.second_factor, name="second-factor"),
]
