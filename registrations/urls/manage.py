"""The referee's registrations; mounted at /manage/registrations/."""

from django.urls import path

from registrations.views import (
    absences,
    case,
    certificate,
    decide,
    desk,
    files,
    manage,
    manage_work,
    messages,
)

urlpatterns = [
    path("", manage.queue, name="manage-queue"),
    path("all/", manage.every, name="manage-list"),
    path("absences/", absences.absences, name="manage-absences"),
    path("absences/<uuid:uid>/cancel/", absences.cancel, name="manage-absence-cancel"),
    path("<str:reference>/", case.detail, name="manage-detail"),
    path("<str:reference>/take/", decide.take, name="manage-take"),
    path("<str:reference>/assign/", desk.assign, name="manage-assign"),
    path("<str:reference>/customer/", decide.customer, name="manage-customer"),
    path("<str:reference>/approve/", decide.approve, name="manage-approve"),
    path("<str:reference>/jointly/", desk.jointly, name="manage-jointly"),
    path("<str:reference>/queue/", decide.queue, name="manage-enqueue"),
    path("<str:reference>/decline/", decide.decline, name="manage-decline"),
    path("<str:reference>/decline/preview/", decide.preview, name="manage-preview"),
    path("<str:reference>/duplicate/", desk.duplicate, name="manage-duplicate"),
    path("<str:reference>/ask/", decide.ask, name="manage-ask"),
    path("<str:reference>/split/", desk.split, name="manage-split"),
    path("<str:reference>/hold/", desk.hold, name="manage-hold"),
    path("<str:reference>/unhold/", desk.unhold, name="manage-unhold"),
    path("<str:reference>/reopen/", desk.reopen, name="manage-reopen"),
    path("<str:reference>/revoke/", desk.revoke, name="manage-revoke"),
    path("<str:reference>/undo/<uuid:decision>/", desk.undo, name="manage-undo"),
    path("<str:reference>/conflicts/<uuid:conflict>/", decide.settle, name="manage-settle"),
    path("<str:reference>/messages/", messages.write, name="manage-message"),
    path("<str:reference>/notes/", messages.note, name="manage-note"),
    path("<str:reference>/files/add/", manage_work.add_file, name="manage-file-add"),
    path("<str:reference>/files/<uuid:uid>/", files.staff_file, name="manage-file"),
    path("<str:reference>/certificate/", certificate.staff, name="manage-certificate"),
    path(
        "<str:reference>/extension/<uuid:uid>/grant/",
        manage_work.grant,
        name="manage-extension-grant",
    ),
    path(
        "<str:reference>/extension/<uuid:uid>/refuse/",
        manage_work.refuse,
        name="manage-extension-refuse",
    ),
]
