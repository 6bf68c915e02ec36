"""The vendor's leads; mounted at /manage/leads/."""

from django.urls import path

from leads.views import bulk, hand, manage, shares

urlpatterns = [
    path("", manage.leads, name="manage-list"),
    path("shares/", shares.shares, name="manage-shares"),
    path("shares/<str:reference>/", shares.weight, name="manage-weight"),
    path("choose/", bulk.choose, name="manage-choose"),
    path("preview/", bulk.preview, name="manage-preview"),
    path("<str:reference>/", manage.detail, name="manage-detail"),
    path("<str:reference>/distribute/", hand.distribute, name="manage-distribute"),
    path("<str:reference>/assign/", hand.assign, name="manage-assign"),
    path("<str:reference>/withdraw/", hand.withdraw, name="manage-withdraw"),
    path("<str:reference>/take-back/", hand.take_back, name="manage-take-back"),
    path("<str:reference>/disqualify/", hand.disqualify, name="manage-disqualify"),
]
