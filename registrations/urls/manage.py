"""The referee's registrations; mounted at /manage/registrations/."""

from django.urls import path

from registrations.views import certificate, decide, files, manage, manage_work, messages

urlpatterns = [
    path("", manage.queue, name="manage-queue"),
    path("all/", manage.every, name="manage-list"),
    path("<str:reference>/", manage.detail, name="manage-detail"),
    path("<str:reference>/take/", decide.take, name="manage-take"),
    path("<str:reference>/customer/", decide.customer, name="manage-customer"),
    path("<str:reference>/approve/", decide.approve, name="manage-approve"),
    path("<str:reference>/queue/", decide.queue, name="manage-enqueue"),
    path("<str:reference>/decline/", decide.decline, name="manage-decline"),
    path("<str:reference>/ask/", decide.ask, name="manage-ask"),
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
