"""The referee's registrations; mounted at /manage/registrations/."""

from django.urls import path

from registrations.views import decide, manage

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
]
