from datetime import UTC, datetime

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection

from notifications import capture
from prm.tenancy import context


def send(
    to="pat@harbor.example",
    message_id="<1@x>",
    subject="Hi",
    when="Sat, 21 Nov 2026 10:00:00 +0000",
):
    mail = EmailMultiAlternatives(
        subject,
        "Plain ü",
        "Acme <portal@acme.example>",
        [f"Pat <{to}>"],
        headers={"Message-ID": message_id, "Date": when},
    )
    mail.attach_alternative("<p>Rich ü</p>", "text/html")
    get_connection().send_messages([mail])


def test_mails_are_kept_whole_and_read_back(captured, db):
    send()
    [mail] = capture.mailbox("acme")
    assert (mail.message_id, mail.address, mail.subject) == ("<1@x>", "pat@harbor.example", "Hi")
    assert mail.at == datetime(2026, 11, 21, 10, tzinfo=UTC)
    opened = capture.read("acme", mail.name)
    assert (opened.text.strip(), opened.html.strip()) == ("Plain ü", "<p>Rich ü</p>")
    assert ("Message-ID", "<1@x>") in opened.headers
    assert b"Message-ID: <1@x>\r\n" in opened.raw


def test_newest_first_and_by_person(captured, db):
    send(message_id="<1@x>", subject="old")
    send("sam@summit.example", "<2@x>", "other")
    send(message_id="<3@x>", subject="new", when="Sun, 22 Nov 2026 10:00:00 +0000")
    assert [mail.subject for mail in capture.mailbox("acme")] == ["new", "other", "old"]
    assert [mail.subject for mail in capture.mailbox("acme", "PAT@harbor.example")] == [
        "new",
        "old",
    ]
    assert len(capture.mailbox("acme", limit=1)) == 1


def test_the_same_message_twice_is_counted_not_kept(captured, db):
    send(subject="first")
    send(subject="second")
    assert [(m.subject, m.duplicates) for m in capture.mailbox("acme")] == [("first", 1)]


def test_tenants_have_mailboxes_of_their_own(captured, db):
    send()
    with context.entered("globex"):
        backend = get_connection()
        assert backend.accepted("<1@x>") is False
    assert get_connection().accepted("<1@x>") is True
    assert capture.mailbox("globex") == []


@pytest.mark.parametrize("name", ["../../etc/passwd", "a" * 64, "", "A" * 64])
def test_only_captured_names_are_read(captured, db, name):
    send()
    with pytest.raises(capture.NotCaptured):
        capture.read("acme", name)


@pytest.mark.parametrize("schema", ["..", "a/b", ""])
def test_only_schemas_are_looked_into(captured, schema):
    with pytest.raises(capture.NotCaptured):
        capture.mailbox(schema)


def test_outside_a_tenant_nothing_is_captured(captured, db):
    from django.db import connection

    connection.set_schema_to_public()
    with pytest.raises(context.NoTenant):
        send()


def test_forget_empties_a_mailbox(captured, db):
    send()
    send()
    capture.forget("acme")
    capture.forget("acme")
    assert capture.mailbox("acme") == []


def test_mails_without_the_usual_headers_can_be_read(captured, db):
    folder = capture._folder("acme")
    folder.mkdir(parents=True)
    (folder / f"{'0' * 64}.eml").write_bytes(b"\r\nonly text\r\n")
    [mail] = capture.mailbox("acme")
    assert (mail.address, mail.at.year) == ("", 1970)
    assert capture.read("acme", mail.name).text.strip() == "only text"
