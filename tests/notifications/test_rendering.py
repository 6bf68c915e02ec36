import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from email import policy
from email.parser import BytesParser
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifications import binding
from notifications.enums import NoticeState
from notifications.models import Message, Notice
from notifications.rendering import LinkGone, NothingToSay, render
from prm import clock, links, portal
from prm.money import Money
from prm.tenancy.context import base_url
from tests.notifications.support import only_message, tell


def mail_of(rendered):
    return BytesParser(policy=policy.default).parsebytes(rendered.mail.message().as_bytes())


def parts(rendered):
    parsed = mail_of(rendered)
    return (
        parsed.get_body(("plain",)).get_content(),
        parsed.get_body(("html",)).get_content(),
    )


def said(user, **more):
    tell(user, **more)
    binding.bind()
    return render(only_message())


def test_headers(pat, db):
    settings_row = portal.current()
    settings_row.sender_name, settings_row.reply_to = "Acme Kanal", "mia@acme.example"
    mail = mail_of(said(pat))
    message = only_message()
    assert mail["From"] == "Acme Kanal <portal@localhost>"
    assert mail["To"] == "Pat Seller <pat@harbor.example>"
    assert mail["Reply-To"] == "mia@acme.example"
    assert mail["Message-ID"] == message.message_id
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "en"
    assert mail["Date"].datetime == clock.now().replace(microsecond=0)
    assert mail["Subject"] == "note: Hello"


def test_without_a_reply_address_there_is_no_such_header(pat):
    assert mail_of(said(pat))["Reply-To"] is None


@pytest.mark.parametrize(
    ("language", "day", "moment", "money", "word"),
    [
        ("en", "14 Mar 2027", "21 Nov 2026, 11:00", "€1,200.50", "Sign in"),
        ("de", "14. März 2027", "21. Nov. 2026, 11:00", "1.200,50\xa0€", "Anmelden"),
    ],
)
def test_mails_speak_the_recipients_language_and_zone(pat, language, day, moment, money, word):
    pat.language, pat.zone = language, "Europe/Berlin"
    pat.save()
    rendered = said(
        pat,
        context={
            "day": date(2027, 3, 14),
            "at": datetime(2026, 11, 21, 10, 0, tzinfo=UTC),
            "money": Money(Decimal("1200.50"), "EUR"),
        },
    )
    text, html = parts(rendered)
    assert f"Hello {day} {moment} {money}" in text
    assert f'<html lang="{language}" dir="ltr">' in html


def test_right_to_left(pat):
    tell(pat)
    binding.bind()
    Message.objects.update(language="ar")
    assert 'lang="ar" dir="rtl"' in parts(render(only_message()))[1]


def test_text_is_not_escaped_and_html_is(pat):
    rendered = said(pat, text="Müller & Söhne <GmbH>")
    text, html = parts(rendered)
    assert "Müller & Söhne <GmbH>" in text
    assert "Müller &amp; Söhne &lt;GmbH&gt;" in html
    assert mail_of(rendered)["Subject"] == "note: Müller & Söhne <GmbH>"


def test_html_is_inlined_self_contained_and_knows_the_dark(pat):
    html = parts(said(pat))[1]
    assert re.search(r"<h1 style=", html)
    assert "prefers-color-scheme: dark" in html
    assert '<meta name="color-scheme" content="light dark">' in html
    assert not re.search(r"<(img|link|script|iframe)|url\(|@import|src=", html)
    assert all('role="presentation"' in table for table in re.findall(r"<table[^>]*>", html))
    assert len(html.encode()) <= 40_000


def test_brand_colour_is_made_readable(pat):
    portal.current().brand_colour = "#ffee00"
    html = parts(said(pat))[1]
    assert "#ffee00" in html
    body = html.partition("</head>")[2]  # the head keeps the colours for dark readers
    assert not re.search(r"[^-]color: #ffee00", body)


def test_one_notice_is_named_three_are_counted(pat):
    for key in "abc":
        tell(pat, "test.routine", key=key, text=f"Deal {key}", reason=f"You own {key}")
    binding.bind()
    rendered = render(only_message())
    text, html = parts(rendered)
    assert rendered.subject == "3 updates: routine: Deal a"
    for body in (text, html):
        assert [body.find(f"Deal {key}") for key in "abc"] == sorted(
            body.find(f"Deal {key}") for key in "abc"
        )
        assert all(f"You own {key}" in body for key in "abc")
    assert text.count("Hello Pat Seller") == 1


def test_notices_that_were_taken_back_are_left_out(pat):
    for key in "ab":
        tell(pat, "test.routine", key=key, text=f"Deal {key}")
    binding.bind()
    Notice.objects.filter(key="a").update(state=NoticeState.CANCELLED)
    rendered = render(only_message())
    assert rendered.subject == "routine: Deal b"
    assert "Deal a" not in rendered.log_text


def test_nothing_to_say_is_an_error(pat):
    tell(pat)
    binding.bind()
    Notice.objects.update(state=NoticeState.CANCELLED)
    with pytest.raises(NothingToSay):
        render(only_message())


@pytest.fixture
def link(pat):
    return links.create("test.act", subject=uuid4(), expires_at=clock.now() + timedelta(days=1))


def test_links_are_absolute_in_the_mail_and_hidden_in_the_log(pat, link):
    rendered = said(pat, context={"links": {"act": link.uid}})
    address = base_url() + links.path(link)
    text, html = parts(rendered)
    assert address in text
    assert f'href="{address}"' in html
    assert links.token(link) not in rendered.log_text
    assert "[private link]" in rendered.log_text


def test_links_are_stored_as_ids_only(pat, link):
    notice = tell(pat, context={"links": {"act": link.uid}})
    assert notice.context["links"] == {"act": str(link.uid)}
    assert links.token(link) not in str(notice.context)


def test_a_link_that_is_gone_stops_the_mail(pat, link):
    tell(pat, context={"links": {"act": link.uid}})
    link.delete()
    binding.bind()
    with pytest.raises(LinkGone):
        render(only_message())


def test_account_mails_leave_nothing_in_the_log(pat):
    rendered = said(pat, kind="test.secret")
    assert "https://x.example/key" in parts(rendered)[0]
    assert rendered.log_text == ""


def test_a_mail_too_long_for_readers_goes_as_text(pat):
    rendered = said(pat, text="x" * 50_000)
    assert mail_of(rendered).get_body(("html",)) is None
    assert len(rendered.subject) == 180


EVIL = "Acme\r\nBcc: victim@x.example\r\n\r\nbody\u2028\x00\x1b"


def test_names_cannot_add_headers(pat):
    pat.name = EVIL[:100].replace("\x00", "")
    pat.save()
    portal.current().sender_name = EVIL
    mail = mail_of(said(pat, text=EVIL.replace("\x00", "")))
    assert mail["Bcc"] is None
    assert mail["Subject"] == "note: Acme Bcc: victim@x.example body"
    assert mail["From"].addresses[0].addr_spec == "portal@localhost"
    assert [a.addr_spec for a in mail["To"].addresses] == ["pat@harbor.example"]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(max_size=80), name=st.text(max_size=40))
def test_no_text_and_no_name_can_break_a_mail(pat, text, name):
    clean = text.replace("\x00", ""), name.replace("\x00", "")
    clean = [value.encode("utf-8", "ignore").decode() for value in clean]
    Notice.objects.all().delete()
    Message.objects.all().delete()
    pat.name = clean[1]
    tell(pat, text=clean[0])
    binding.bind()
    mail = mail_of(render(only_message()))
    names = [key.lower() for key in mail.keys()]  # noqa: SIM118 - headers repeat
    assert sorted(names) == sorted(set(names))
    assert set(names) <= {
        "content-type", "mime-version", "subject", "from", "to", "message-id", "date",
        "auto-submitted", "x-auto-response-suppress", "content-language",
    }  # fmt: skip
    assert [a.addr_spec for a in mail["To"].addresses] == ["pat@harbor.example"]
