"""A partner's own pages, under /partner/."""

from django.urls import path

from partners.views import acting, partner

urlpatterns = [
    path("", partner.own, name="own"),
    path("acting/stop/", acting.stop, name="acting-stop"),
    path("invite/", partner.invite, name="own-invite"),
    path("people/<uuid:uid>/", partner.person, name="own-person"),
    path("people/<uuid:uid>/remove/", partner.person_remove, name="own-person-remove"),
    path("people/<uuid:uid>/restore/", partner.person_restore, name="own-person-restore"),
    path("invitations/<uuid:uid>/resend/", partner.invitation_resend, name="own-invitation-resend"),
    path(
        "invitations/<uuid:uid>/withdraw/",
        partner.invitation_withdraw,
        name="own-invitation-withdraw",
    ),
]
