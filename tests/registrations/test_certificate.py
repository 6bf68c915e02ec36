"""The receipt of a deal: the mail's facts, the certificate, and what the public page tells of it."""

import pytest
from django.urls import reverse

from notifications.models import Notice
from prm import events, receipts
from prm.events import erase
from prm.receipts import read_marks
from registrations import reading, services
from registrations.models import Registration
from registrations.receipts import certificate_of, context_of

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"registrations:{name}", args=args)


def digest_of(row):
    return events.digest_now(reading.submission_of(row))


def test_the_receipt_mail_has_everything_to_verify_it(submitted, pat):
    row = submitted(pat, "Initech")
    context = Notice.objects.get(kind="registrations.received").context
    assert context["receipt"] == digest_of(row)
    assert context["certificate"] == url("certificate", row.reference)
    assert context["receipt"] in context["verify"]
    assert context["server_time"].endswith(" UTC")


def test_the_certificate_is_genuine_and_says_so(browse, submitted, pat, mia):
    row = submitted(pat, "Initech")
    for client, name in ((browse(pat), "certificate"), (browse(mia), "manage-certificate")):
        response = client.get(url(name, row.reference))
        assert response["Content-Type"] == "application/pdf"
        [mark] = read_marks(response.content)
        assert (mark.reference, mark.digest) == (row.reference, digest_of(row))
        assert receipts.verify(mark.reference, mark.digest) is not None


def test_the_public_page_names_nobody(browse, submitted, pat):
    row = submitted(pat, "Initech")
    page = reverse("verify")
    text = (
        browse().get(page, {"reference": row.reference, "digest": digest_of(row)}).content.decode()
    )
    assert "Genuine: registered on" in text
    for word in ("Initech", "Harbor", str(row.pk) + "<", "Pat"):
        assert word not in text
    wrong = browse().get(page, {"reference": row.reference, "digest": "0" * 64}).content.decode()
    assert "Genuine" not in wrong


def test_a_draft_has_no_receipt(browse, draft, pat):
    row = draft(pat, "Initech")
    assert browse(pat).get(url("certificate", row.reference)).status_code == 404
    assert receipts.verify(row.reference, "0" * 64) is None


def test_what_was_sent_stays_on_the_certificate(approved, pat):
    row = approved(pat, "Initech")
    Registration.objects.filter(pk=row.pk).update(company_name="Corrected")
    row.refresh_from_db()
    context = context_of(row)
    assert context["sent"]["company_name"] == "Initech"
    assert context["protection"].days_left > 80
    assert not {"ledger_number", "number"} & context.keys()
    assert certificate_of(row, "de").startswith(b"%PDF-")


def test_an_erased_customer_leaves_the_certificate_genuine(submitted, pat):
    row = submitted(pat, "Initech")
    before = digest_of(row)
    erase(reading.submission_of(row), actor=None)
    assert context_of(row)["sent"] == {}
    assert digest_of(row) == before


def test_both_halves_of_a_split_deal_have_the_first_ones_receipt(submitted, pat):
    row = submitted(pat, "Initech")
    half = submitted(pat, "Hooli")
    half.change(split_from=row)
    assert reading.submission_of(half) == reading.submission_of(row)
    assert receipts.verify(half.reference, digest_of(row)) is not None


def test_a_deal_that_is_over_says_when(approved, pat):
    row = services.close_registration(approved(pat, "Initech"), "RELEASED", actor=pat)
    context = context_of(row)
    assert context["protection"] is None
    assert context["ended"] == row.closed_at


def test_the_page_says_so_when_no_pdf_can_be_made(browse, submitted, pat, monkeypatch):
    from prm.documents import DocumentFailed

    def fail(*_args):
        raise DocumentFailed("No Pango here.")

    monkeypatch.setattr("registrations.views.certificate.certificate_of", fail)
    response = browse(pat).get(url("certificate", submitted(pat, "Initech").reference))
    assert response.status_code == 503
    assert "No Pango here." in response.content.decode()
