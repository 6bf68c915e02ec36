import re
from datetime import timedelta
from uuid import uuid4

import pytest

from notifications import account_mail, capture
from notifications.account_mail import MAILS, NoSuchAccountMail, send_account_mail, send_invitation
from notifications.delivery import deliver
from notifications.enums import NoticeState
from notifications.models import Message, Notice
from prm import clock, links
from users import adapters, invitations
from users.models import Invitation

RESET = "account/email/password_reset_key"


def opened(address):
    [mail] = capture.mailbox("acme", address)
    return capture.read("acme", mail.name)


def test_the_hooks_of_users_are_filled():
    assert adapters._mailers == [send_account_mail]
    assert invitations._senders == [send_invitation]


def test_password_reset_by_the_page_sends_a_link_that_works(pat, browse, captured):
    browser = browse()
    answer = browser.post("/accounts/password/reset/", {"email": pat.email})
    assert answer.status_code == 302
    deliver()
    mail = opened(pat.email)
    [address] = set(re.findall(r"http://\S+/accounts/password/reset/key/\S+/", mail.text))
    assert address in mail.html
    page = browser.get(
        address.split(".localhost", 1)[1].partition("/")[2].join(["/", ""]), follow=True
    )
    assert page.status_code == 200
    assert b'name="password1"' in page.content


def test_no_secret_is_stored(pat, captured):
    send_account_mail(
        RESET, pat.email, {"user": pat, "password_reset_url": "https://secret", "key": "k"}
    )
    deliver()
    assert "secret" not in str(list(Notice.objects.values()))
    assert list(Message.objects.values_list("account", "body")) == [(True, "")]


def test_a_reset_link_is_not_sent_to_somebody_who_was_shut_out_meanwhile(pat, captured):
    send_account_mail(RESET, pat.email, {"user": pat})
    pat.is_active = False
    pat.save()
    deliver()
    assert capture.mailbox("acme") == []
    assert "NobodyToReset" in Message.objects.get().last_error


@pytest.mark.parametrize("prefix", MAILS)
@pytest.mark.parametrize("language", ["en", "de"])
def test_every_account_mail_renders(pat, captured, prefix, language):
    pat.language = language
    pat.save()
    send_account_mail(prefix, pat.email, {"user": pat, "timestamp": clock.now()})
    assert deliver() == 1
    mail = opened(pat.email)
    assert mail.text
    assert mail.html


def test_the_person_is_found_by_address(pat):
    send_account_mail(RESET, pat.email.upper(), {})
    assert Notice.objects.get().recipient == pat


def test_mails_that_this_portal_does_not_have_are_refused(pat):
    with pytest.raises(NoSuchAccountMail):
        send_account_mail("account/email/login_code", pat.email, {"user": pat, "code": "123"})


def invite(ada, **more):
    end = clock.now() + timedelta(days=14)
    invitation = Invitation.objects.create(
        email="new@harbor.example", name="Nel New", audience="VENDOR", language="de",
        invited_by=ada, expires_at=end, **more,
    )  # fmt: skip
    link = links.create(invitations.PURPOSE, subject=invitation.uid, expires_at=end)
    return invitation, link


def test_invitation_carries_its_link(ada, captured):
    invitation, link = invite(ada)
    invitations.send(invitation, link)
    assert Notice.objects.get().language == "de"
    deliver()
    mail = opened("new@harbor.example")
    assert links.path(link) in mail.text
    assert links.path(link) in mail.html
    assert "Ada Admin" in mail.text
    assert Message.objects.get().body == ""


def test_an_invitation_sent_again_takes_the_first_mail_back(ada):
    invitation, link = invite(ada)
    send_invitation(invitation, link)
    other = links.create(invitations.PURPOSE, subject=uuid4(), expires_at=link.expires_at)
    send_invitation(invitation, other)
    assert list(Notice.objects.order_by("id").values_list("state", flat=True)) == [
        NoticeState.CANCELLED,
        NoticeState.WAITING,
    ]


def test_kinds_are_all_account_kinds():
    assert all(kind.account for kind in account_mail.KINDS)
