"""A deal on its way: hand-over, messages and notes, evidence, the end with its reason."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from notifications.models import Notice
from prm import events
from prm.uploads import MAX_BYTES, PrivateStorage, UploadRefused
from registrations import services
from registrations.enums import CloseCode, LostReason, Reader
from registrations.models import EvidenceFile, Message, Registration
from users.models import User

pytestmark = pytest.mark.django_db

CSV = b"day,what\n2030-01-01,call\n"


def url(name, *args):
    return reverse(f"registrations:{name}", args=args)


def upload(content=CSV, name="calls.csv"):
    return SimpleUploadedFile(name, content, "application/octet-stream")


def told(kind):
    return set(Notice.objects.filter(kind=f"registrations.{kind}").values_list("email", flat=True))


def codes(row):
    return [event.code.partition(".")[2] for event in events.timeline(row)]


def person(email):
    return User.objects.get(email=email)


# --- hand over ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["draft", "submitted", "approved"])
def test_a_colleague_gets_the_deal_and_is_told(request, pat, paula, kind):
    row = request.getfixturevalue(kind)(pat, "Initech")
    row = services.hand_over(row, paula, actor=pat)
    assert row.owner == paula
    assert told("handed_over") == {paula.email}
    assert "handed-over" in codes(row)


def test_nobody_else_is_handed_a_deal(draft, submitted, pat, paula, sam, mia):
    row = draft(pat, "Initech")
    for somebody in (sam, mia):
        with pytest.raises(PermissionDenied):
            services.hand_over(row, somebody, actor=pat)
    with pytest.raises(PermissionDenied):
        services.hand_over(row, paula, actor=sam)
    over = services.withdraw_registration(submitted(pat, "Hooli"), actor=pat)
    with pytest.raises(services.NothingToHandOver):
        services.hand_over(over, paula, actor=pat)


def test_handing_over_to_whoever_has_it_changes_nothing(draft, pat):
    row = services.hand_over(draft(pat, "Initech"), pat, actor=pat)
    assert "handed-over" not in codes(row)


def test_the_page_lists_colleagues_only(browse, submitted, pat, paula, sam):
    row = submitted(pat, "Initech")
    text = browse(pat).get(url("hand-over", row.reference)).content.decode()
    assert paula.email in text
    assert sam.email not in text
    empty = browse(pat).post(url("hand-over", row.reference), {})
    assert empty.status_code == 422
    forged = browse(pat).post(url("hand-over", row.reference), {"colleague": str(sam.uid)})
    assert forged.status_code == 422
    done = browse(pat).post(url("hand-over", row.reference), {"colleague": str(paula.uid)})
    assert done.status_code == 303
    row.refresh_from_db()
    assert row.owner == paula


# --- messages and notes ------------------------------------------------------------------------------


def test_each_side_hears_of_the_others_message(submitted, pat, mia):
    row = submitted(pat, "Initech")
    services.take_registration(row, actor=mia)
    services.write_message(row, "When do you decide?", actor=pat)
    services.write_message(row, "Tomorrow.", actor=mia)
    assert told("partner_wrote") == {mia.email}
    assert told("vendor_wrote") == {pat.email}


def test_a_staff_note_never_reaches_a_partner(browse, submitted, pat, mia):
    row = submitted(pat, "Initech")
    services.write_note(row, "A zebra of a case", actor=mia)
    services.write_message(row, "Hello there", actor=mia)
    text = browse(pat).get(url("detail", row.reference)).content.decode()
    assert "Hello there" in text
    assert "zebra" not in text
    assert "Note for the staff" not in text
    assert not any("zebra" in str(notice.context) for notice in Notice.objects.all())


def test_strangers_neither_write_nor_note(submitted, draft, pat, sam, mia, fin):
    row = submitted(pat, "Initech")
    for somebody in (sam, fin):
        with pytest.raises(PermissionDenied):
            services.write_message(row, "Hello", actor=somebody)
    with pytest.raises(PermissionDenied):
        services.write_note(row, "Hello", actor=pat)
    with pytest.raises(PermissionDenied):
        services.write_message(draft(pat, "Hooli"), "Hello", actor=pat)


def test_an_empty_message_comes_back(browse, submitted, pat, mia):
    row = submitted(pat, "Initech")
    assert browse(pat).post(url("message", row.reference), {"text": " "}).status_code == 422
    for name in ("manage-message", "manage-note"):
        assert browse(mia).post(url(name, row.reference), {"text": ""}).status_code == 422
        assert browse(mia).post(url(name, row.reference), {"text": "Hm"}).status_code == 303
    assert browse(pat).post(url("message", row.reference), {"text": "Hm"}).status_code == 303
    assert Message.objects.count() == 3


# --- evidence ----------------------------------------------------------------------------------------


def test_the_limit_that_the_form_states_is_the_limit():
    assert MAX_BYTES == 10 * 1024 * 1024


def test_evidence_is_kept_listed_and_served_to_both_sides_only(
    browse, submitted, pat, paula, sam, mia, fin, nadia
):
    row = submitted(pat, "Initech")
    sent = browse(pat).post(url("file-add", row.reference), {"file": upload()})
    assert sent.status_code == 303
    file = EvidenceFile.objects.get()
    text = browse(pat).get(url("detail", row.reference)).content.decode()
    assert "calls.csv" in text
    for somebody in (pat, paula):
        got = browse(somebody).get(url("file", row.reference, file.uid))
        assert b"".join(got.streaming_content) == CSV
    for somebody in (mia, fin):
        got = browse(somebody).get(url("manage-file", row.reference, file.uid))
        assert b"".join(got.streaming_content) == CSV
    assert browse(sam).get(url("file", row.reference, file.uid)).status_code == 404
    assert browse(nadia).get(url("manage-file", row.reference, file.uid)).status_code == 403
    assert told("file_added") == {person("mia@acme.example").email, "max@acme.example"}


def test_a_file_of_another_deal_is_not_found_under_ones_own(browse, submitted, pat, sam):
    theirs = services.add_file(submitted(sam, "Hooli"), upload(), actor=sam)
    mine = submitted(pat, "Initech")
    assert browse(pat).get(url("file", mine.reference, theirs.uid)).status_code == 404


def test_a_file_for_the_staff_is_no_partners(browse, submitted, pat, mia):
    row = submitted(pat, "Initech")
    data = {"file": upload(name="zebra.csv"), "staff_only": "on"}
    assert browse(mia).post(url("manage-file-add", row.reference), data).status_code == 303
    file = EvidenceFile.objects.get()
    assert file.reader == Reader.STAFF
    assert browse(pat).get(url("file", row.reference, file.uid)).status_code == 404
    text = browse(pat).get(url("detail", row.reference)).content.decode()
    assert "zebra" not in text
    assert "for the staff" not in text
    assert not told("file_received")
    with pytest.raises(PermissionDenied):
        services.add_file(row, upload(), actor=pat, reader=Reader.STAFF)


def test_a_shared_file_of_the_vendor_tells_the_owner(submitted, pat, mia):
    services.add_file(submitted(pat, "Initech"), upload(), actor=mia)
    assert told("file_received") == {pat.email}


def test_what_is_no_evidence_is_refused_with_a_sentence(browse, submitted, draft, pat, mia):
    row = submitted(pat, "Initech")
    bad = upload(b"<html><script>", "a.pdf")
    with pytest.raises(UploadRefused):
        services.add_file(row, bad, actor=pat)
    for client, name, record in (
        (browse(pat), "file-add", row),
        (browse(pat), "file-add", draft(pat, "Hooli")),
        (browse(mia), "manage-file-add", row),
    ):
        response = client.post(
            url(name, record.reference), {"file": upload(b"<html><script>", "a.pdf")}
        )
        assert response.status_code == 422
        assert "Allowed: CSV, JPEG, PDF, PNG." in response.content.decode()
        assert client.post(url(name, record.reference), {}).status_code == 422
    assert not EvidenceFile.objects.exists()


def test_a_deal_has_at_most_twenty_files(submitted, pat, monkeypatch):
    monkeypatch.setattr("registrations.services.evidence.MOST_FILES", 1)
    row = submitted(pat, "Initech")
    services.add_file(row, upload(), actor=pat)
    with pytest.raises(services.TooManyFiles):
        services.add_file(row, upload(), actor=pat)


def test_a_deal_that_is_over_takes_no_more_evidence(submitted, pat, mia):
    row = services.withdraw_registration(submitted(pat, "Initech"), actor=pat)
    with pytest.raises(PermissionDenied):
        services.add_file(row, upload(), actor=pat)


def test_a_file_of_a_draft_can_be_deleted_and_later_not(
    browse, draft, submitted, pat, django_capture_on_commit_callbacks
):
    row = draft(pat, "Initech")
    file = services.add_file(row, upload(), actor=pat)
    assert file.original_name in browse(pat).get(url("files", row.reference)).content.decode()
    assert file.original_name in browse(pat).get(url("check", row.reference)).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        gone = browse(pat).post(url("file-remove", row.reference, file.uid))
    assert gone.status_code == 303
    assert not PrivateStorage().exists(file.name)
    sent = submitted(pat, "Hooli")
    kept = services.add_file(sent, upload(), actor=pat)
    assert browse(pat).post(url("file-remove", sent.reference, kept.uid)).status_code == 403
    assert browse(pat).get(url("files", sent.reference)).url == url("detail", sent.reference)


def test_the_files_of_a_discarded_draft_go_with_it(draft, pat, django_capture_on_commit_callbacks):
    row = draft(pat, "Initech")
    file = services.add_file(row, upload(), actor=pat)
    assert PrivateStorage().exists(file.name)
    with django_capture_on_commit_callbacks(execute=True):
        services.discard_draft(row, actor=pat)
    assert not PrivateStorage().exists(file.name)


# --- the end -----------------------------------------------------------------------------------------


def test_a_lost_deal_says_why_and_both_sides_read_it(browse, approved, pat, mia):
    row = approved(pat, "Initech")
    client, page = browse(pat), url("close", row.reference)
    missing = client.post(page, {"version": row.version, "code": "LOST", "note": "Too dear"})
    assert missing.status_code == 422
    assert "Too dear" in missing.content.decode()
    sent = {"version": row.version, "code": "LOST", "lost_because": "PRICE", "note": "Too dear"}
    assert client.post(page, sent).status_code == 303
    text = client.get(url("detail", row.reference)).content.decode()
    assert "The price." in text
    assert "Too dear" in text
    event = events.timeline(row).get(code="registration.closed")
    assert event.data["lost_because"] == LostReason.PRICE
    assert "Too dear" not in str(event.data)


def test_a_won_deal_has_no_reason_for_losing(browse, approved, pat):
    row = approved(pat, "Initech")
    sent = {"version": row.version, "code": "WON", "lost_because": "PRICE"}
    browse(pat).post(url("close", row.reference), sent)
    row.refresh_from_db()
    assert row.close_code == CloseCode.WON
    assert "lost_because" not in events.timeline(row).get(code="registration.closed").data


def test_a_withdrawal_says_why(browse, submitted, pat):
    row = submitted(pat, "Initech")
    client, page = browse(pat), url("withdraw", row.reference)
    assert client.post(page, {"version": row.version}).status_code == 422
    sent = client.post(page, {"version": row.version, "reason": "They merged"})
    assert sent.status_code == 303
    assert "They merged" in client.get(url("detail", row.reference)).content.decode()
    assert Registration.objects.get(pk=row.pk).state == "WITHDRAWN"
