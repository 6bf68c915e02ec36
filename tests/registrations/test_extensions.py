"""More time: asked before the end, one pending, as often as the rules allow, decided by the vendor."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from psycopg.types.range import TimestamptzRange

from notifications.models import Notice
from prm import clock, links
from prm.due.models import DueRow
from registrations import selectors, services
from registrations.enums import CloseCode, ExtensionState
from registrations.models import Extension, Protection, ProtectionHolder, Registration
from registrations.services import notices
from registrations.services.extensions import may_ask

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"registrations:{name}", args=args)


def proof():
    return SimpleUploadedFile("a.csv", b"a,b\n1,2\n", "text/csv")


def ask(row, actor):
    return services.ask_for_extension(row, actor=actor, reason="A board meeting", files=[proof()])


def told(kind):
    return set(Notice.objects.filter(kind=f"registrations.{kind}").values_list("email", flat=True))


def test_asking_tells_the_reviewer_and_moves_nothing(approved, pat, mia):
    row = approved(pat, "Initech")
    end = selectors.protection_of(row).ends_at
    extension = ask(row, pat)
    assert extension.days == 60
    assert extension.due_at > clock.now()
    assert extension.files.get().registration == row
    assert selectors.protection_of(row).ends_at == end
    assert told("extension_asked") == {mia.email}


def test_granting_moves_the_end_by_whole_days_and_plans_reminders_anew(approved, pat, mia):
    row = approved(pat, "Initech")
    before = selectors.protection_of(row)
    extension = services.grant_extension(ask(row, pat), actor=mia, note="Good luck")
    after = selectors.protection_of(row)
    assert after.pk == before.pk
    assert after.last_day == before.last_day + timedelta(days=60)
    assert extension.until == after.ends_at
    assert extension.state == ExtensionState.GRANTED
    assert (
        DueRow.objects.get(kind="registrations.end", subject=str(row.uid)).due_at == after.ends_at
    )
    assert DueRow.objects.filter(kind="registrations.ending", subject=str(row.uid)).count() == 4
    assert told("extension_granted") == {pat.email}


def test_refusing_leaves_the_end_and_says_why(browse, approved, pat, mia):
    row = approved(pat, "Initech")
    end = selectors.protection_of(row).ends_at
    services.refuse_extension(ask(row, pat), actor=mia, note="Nothing has happened")
    assert selectors.protection_of(row).ends_at == end
    assert told("extension_refused") == {pat.email}
    text = browse(pat).get(url("detail", row.reference)).content.decode()
    assert "Nothing has happened" in text


def test_one_is_pending_at_most_and_the_rules_limit_how_many(approved, pat, mia):
    row = approved(pat, "Initech")
    first = ask(row, pat)
    with pytest.raises(services.PendingAlready):
        ask(row, pat)
    services.withdraw_extension(first, actor=pat)
    second = ask(row, pat)
    services.grant_extension(second, actor=mia)
    with pytest.raises(services.NoMoreExtensions):
        ask(row, pat)
    for decide in (
        lambda: services.grant_extension(second, actor=mia),
        lambda: services.refuse_extension(second, actor=mia, note="No"),
        lambda: services.withdraw_extension(first, actor=pat),
    ):
        with pytest.raises(services.DecidedAlready):
            decide()


def test_evidence_is_needed_where_the_rules_say_so(browse, approved, pat):
    row = approved(pat, "Initech")
    with pytest.raises(services.EvidenceMissing):
        services.ask_for_extension(row, actor=pat, reason="x")
    page = url("extension", row.reference)
    sent = browse(pat).post(page, {"version": row.version, "reason": "A meeting"})
    assert sent.status_code == 422
    assert "A meeting" in sent.content.decode()
    row.change(trace=row.trace | {"outcome": row.trace["outcome"] | {"extension_evidence": False}})
    assert services.ask_for_extension(row, actor=pat, reason="x").state == ExtensionState.PENDING


def test_nothing_to_extend_without_a_protection(submitted, approved, pat, mia, travel):
    with pytest.raises(services.NothingToExtend):
        ask(submitted(pat, "Hooli"), pat)
    row = approved(pat, "Initech")
    extension = ask(row, pat)
    travel(days=92)
    assert isinstance(may_ask(row), services.NothingToExtend)
    with pytest.raises(services.NothingToExtend):
        services.grant_extension(extension, actor=mia)


def test_only_its_partner_asks_and_only_a_referee_decides(approved, pat, sam, mia, fin):
    row = approved(pat, "Initech")
    for somebody in (sam, mia):
        with pytest.raises(PermissionDenied):
            ask(row, somebody)
    extension = ask(row, pat)
    for somebody in (pat, fin):
        with pytest.raises(PermissionDenied):
            services.grant_extension(extension, actor=somebody)
        with pytest.raises(PermissionDenied):
            services.refuse_extension(extension, actor=somebody, note="No")


def test_a_later_protection_has_the_last_word(approved, pat, sam, mia):
    row = approved(pat, "Initech")
    mine = selectors.protection_of(row)
    Protection.objects.create(
        company=mine.company,
        products=mine.products,
        places=mine.places,
        period=TimestamptzRange(mine.ends_at, mine.ends_at + timedelta(days=5)),
    )
    with pytest.raises(services.NoRoom):
        services.grant_extension(ask(row, pat), actor=mia)
    assert Extension.objects.get().state == ExtensionState.PENDING


def test_joint_holders_get_the_same_end_and_reminders(approved, submitted, pat, sam, mia):
    row = approved(pat, "Initech")
    other = submitted(sam, "Initech")
    Registration.objects.filter(pk=other.pk).update(
        state="APPROVED", decided_at=clock.now(), decided_by=mia, company=row.company
    )
    protection = selectors.protection_of(row)
    ProtectionHolder.objects.create(
        protection=protection, registration=other, partner=other.partner, share=50
    )
    extension = services.grant_extension(ask(row, pat), actor=mia)
    for held in (row, other):
        due = DueRow.objects.get(kind="registrations.end", subject=str(held.uid))
        assert due.due_at == extension.until


@pytest.mark.parametrize("code", [CloseCode.WON, CloseCode.RELEASED])
def test_a_request_lapses_when_the_deal_closes(approved, pat, code):
    row = approved(pat, "Initech")
    ask(row, pat)
    services.close_registration(row, code, actor=pat)
    assert Extension.objects.get().state == ExtensionState.LAPSED


def test_the_whole_way_through_the_pages(browse, approved, pat, mia):
    row = approved(pat, "Initech")
    client = browse(pat)
    assert "Ask for more time" in client.get(url("detail", row.reference)).content.decode()
    page = url("extension", row.reference)
    assert client.get(page).status_code == 200
    sent = client.post(page, {"version": row.version, "reason": "Board", "evidence": proof()})
    assert sent.status_code == 303
    text = client.get(url("detail", row.reference)).content.decode()
    assert "You asked for 60 more days" in text
    assert "one pending" not in text
    extension = Extension.objects.get()
    staff = browse(mia)
    refuse = url("manage-extension-refuse", row.reference, extension.uid)
    assert staff.post(refuse, {"note": ""}).status_code == 422
    grant = url("manage-extension-grant", row.reference, extension.uid)
    assert staff.post(grant, {"note": "Fine"}).status_code == 303
    again = staff.post(grant, {"note": "Fine"})
    assert again.status_code == 422
    assert "no longer waiting" in again.content.decode()
    text = client.get(page).content.decode()
    assert "no further extension" in text


def test_withdrawing_a_request_on_the_page(browse, approved, pat):
    row = approved(pat, "Initech")
    extension = ask(row, pat)
    done = browse(pat).post(url("extension-withdraw", row.reference, extension.uid))
    assert done.status_code == 303
    extension.refresh_from_db()
    assert extension.state == ExtensionState.WITHDRAWN


def test_a_mails_link_leads_to_the_form_after_sign_in(browse, approved, pat):
    row = approved(pat, "Initech")
    made = links.create(
        notices.EXTENSION,
        subject=row.uid,
        expires_at=clock.now() + timedelta(days=5),
        recipient_uid=pat.uid,
        email=pat.email,
        record_version=row.version,
    )
    answer = browse().get(links.path(made))
    assert answer.url == url("extension", row.reference)
    assert browse(pat).get(answer.url).status_code == 200
    services.close_registration(row, CloseCode.WON, actor=pat)
    assert "How it stands now" in browse().get(links.path(made)).content.decode()


def test_the_mail_before_the_end_offers_more_time_only_where_there_is_some(approved, pat, mia):
    row = approved(pat, "Initech")
    end = selectors.protection_of(row).ends_at
    notices.ending(row, end, 14, may_extend=True)
    notices.ending(row, end, 3, may_extend=False)
    with_link, without = Notice.objects.filter(kind="registrations.ending").order_by("pk")
    assert "extension" in with_link.context["links"]
    assert "extension" not in without.context["links"]
