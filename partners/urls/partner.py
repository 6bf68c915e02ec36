"""A partner's own pages, under /partner/."""

from django.urls import path

from partners.views import acting, partner, partner_profile, terms

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
    path("profile/", partner_profile.own_profile, name="profile"),
    path("profile/confirm/", partner_profile.confirm, name="profile-confirm"),
    path("profile/territories/", partner_profile.places, name="profile-places"),
    path("profile/product-lines/", partner_profile.lines, name="profile-lines"),
    path("profile/skills/", partner_profile.skills, name="profile-skills"),
    path("profile/hours/", partner_profile.hours, name="profile-hours"),
    path("profile/contacts/", partner_profile.contacts, name="contacts"),
    path("profile/contacts/add/", partner_profile.contact_add, name="contact-add"),
    path("profile/contacts/<uuid:uid>/", partner_profile.contact, name="contact"),
    path(
        "profile/contacts/<uuid:uid>/remove/", partner_profile.contact_remove, name="contact-remove"
    ),
    path("profile/terms/", terms.terms_list, name="terms-list"),
    path("profile/terms/accepted/<str:reference>/", terms.acceptance, name="acceptance"),
    path("profile/terms/<str:reference>/v<int:number>/", terms.terms, name="terms"),
]
