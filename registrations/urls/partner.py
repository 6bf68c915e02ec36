"""The partner's registrations; mounted at /deals/."""

from django.urls import path

from registrations.views import (
    availability,
    certificate,
    extensions,
    files,
    partner,
    partner_draft,
    partner_work,
)

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
    path("<str:reference>/withdraw/", partner_work.withdraw, name="withdraw"),
    path("<str:reference>/answer/", partner_work.answer, name="answer"),
    path("<str:reference>/active/", partner_work.still_active, name="active"),
    path("<str:reference>/stage/", partner_work.stage, name="stage"),
    path("<str:reference>/close/", partner_work.close, name="close"),
    path("<str:reference>/hand-over/", partner_work.hand_over, name="hand-over"),
    path("<str:reference>/messages/", partner_work.write, name="message"),
    path("<str:reference>/files/", partner_work.draft_files, name="files"),
    path("<str:reference>/files/add/", partner_work.add_file, name="file-add"),
    path("<str:reference>/files/<uuid:uid>/", files.own_file, name="file"),
    path("<str:reference>/files/<uuid:uid>/delete/", files.remove, name="file-remove"),
    path("<str:reference>/extension/", extensions.ask, name="extension"),
    path(
        "<str:reference>/extension/<uuid:uid>/withdraw/",
        extensions.withdraw,
        name="extension-withdraw",
    ),
    path("<str:reference>/certificate/", certificate.own, name="certificate"),
]
