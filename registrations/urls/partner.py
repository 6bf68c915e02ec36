"""The partner's registrations; mounted at /deals/."""

from django.urls import path

from registrations.views import availability, partner, partner_draft

urlpatterns = [
    path("", partner.deals, name="list"),
    path("availability/", availability.check, name="availability"),
    path("new/", partner_draft.new, name="new"),
    path("new/save/", partner_draft.save_new, name="save-new"),
    path("<str:reference>/", partner.detail, name="detail"),
    path("<str:reference>/customer/", partner_draft.customer, name="customer"),
    path("<str:reference>/deal/", partner_draft.deal, name="deal"),
    path("<str:reference>/check/", partner_draft.check, name="check"),
    path("<str:reference>/save/", partner_draft.save, name="save"),
    path("<str:reference>/discard/", partner_draft.discard, name="discard"),
    path("<str:reference>/withdraw/", partner.withdraw, name="withdraw"),
    path("<str:reference>/answer/", partner.answer, name="answer"),
    path("<str:reference>/active/", partner.still_active, name="active"),
    path("<str:reference>/stage/", partner.stage, name="stage"),
    path("<str:reference>/close/", partner.close, name="close"),
]
