"""The vendor's pages, under /manage/partners/."""

from django.urls import path

from partners.views import acting, manage, manage_profile

ONE = "<str:reference>/"
PERSON = f"{ONE}people/<uuid:uid>/"
CONTACT = f"{ONE}contacts/<uuid:uid>/"
INVITATION = f"{ONE}invitations/<uuid:uid>/"

urlpatterns = [
    path("", manage.partner_index, name="manage-list"),
    path("add/", manage.add, name="manage-add"),
    path(ONE, manage.detail, name="manage-detail"),
    path(f"{ONE}edit/", manage.edit, name="manage-edit"),
    path(f"{ONE}end/", manage.end, name="manage-end"),
    path(f"{ONE}reopen/", manage.reopen, name="manage-reopen"),
    path(f"{ONE}invite/", manage.invite, name="manage-invite"),
    path(PERSON, manage.person, name="manage-person"),
    path(f"{PERSON}remove/", manage.person_remove, name="manage-person-remove"),
    path(f"{PERSON}restore/", manage.person_restore, name="manage-person-restore"),
    path(f"{PERSON}act/", acting.start, name="manage-person-act"),
    path(f"{INVITATION}resend/", manage.invitation_resend, name="manage-invitation-resend"),
    path(f"{INVITATION}withdraw/", manage.invitation_withdraw, name="manage-invitation-withdraw"),
    path(f"{ONE}skills/", manage_profile.skills, name="manage-skills"),
    path(f"{ONE}hours/", manage_profile.hours, name="manage-hours"),
    path(f"{ONE}contacts/", manage_profile.contacts, name="manage-contacts"),
    path(f"{ONE}contacts/add/", manage_profile.contact_add, name="manage-contact-add"),
    path(CONTACT, manage_profile.contact, name="manage-contact"),
    path(f"{CONTACT}remove/", manage_profile.contact_remove, name="manage-contact-remove"),
]
