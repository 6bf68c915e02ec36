"""The demo's mailbox: every captured mail, shown without a risk."""

from email.message import EmailMessage

import pytest

from notifications.capture import CaptureBackend
from tenants.demo import mailview
from tenants.models import Tenant

HTML = (
    '<html><head><meta name="color-scheme" content="light dark"><style>'
    "@media (prefers-color-scheme: dark) { p { color: white } }</style></head><body>"
    '<p>Hello</p><a href="http://acme.localhost:9999/a/token/">Still active</a>'
    "<script>alert(1)</script></body></html>"
)


class _Mail:
    def __init__(self, to, subject, html=HTML):
        self.parts = (to, subject, html)

    def message(self):
        to, subject, html = self.parts
        mail = EmailMessage()
        mail["Message-ID"], mail["From"] = f"<{subject}@acme.localhost>", "Acme <portal@localhost>"
        mail["To"], mail["Subject"] = to, subject
        mail["Date"] = "Sat, 21 Nov 2026 10:02:00 +0000"
        mail.set_content("Hello <b>\nhttp://acme.localhost:9999/a/token/\n")
        if html:
            mail.add_alternative(html, subtype="html")
        return _Bytes(mail)


class _Bytes:
    def __init__(self, mail):
        self._mail = mail

    def __getitem__(self, name):
        return self._mail[name]

    def as_bytes(self, linesep="\n"):
        return self._mail.as_bytes()


@pytest.fixture
def client(db, settings, tmp_path, browse):
    settings.DEMO, settings.BIND, settings.DEMO_OPEN = True, "127.0.0.1", False
    settings.EMAIL_BACKEND = "notifications.capture.CaptureBackend"
    settings.ROOT_URLCONF = "tests.tenants.demo_urls"
    settings.PRM_MAIL_CAPTURE_DIR = tmp_path
    Tenant.objects.update(is_demo=True)
    CaptureBackend().send_messages(
        [
            _Mail("Pat <pat@harbor.example>", "One"),
            _Mail("Pat <pat@harbor.example>", "Two", html=""),
            _Mail("Mia <mia@acme.example>", "Three"),
        ]
    )
    return browse()


def _open(client, subject):
    page = client.get("/demo/mail/").content.decode()
    at = page.index(f">{subject}</a>")
    return page[page.rindex('href="', 0, at) + 6 : page.rindex('">', 0, at + 2)]


def test_the_mailbox_lists_every_mail_and_filters_by_reader(client):
    page = client.get("/demo/mail/").content.decode()
    assert all(f">{subject}</a>" in page for subject in ("One", "Two", "Three"))
    assert "Pat Quinn (2)" in page
    narrowed = client.get("/demo/mail/?to=mia@acme.example").content.decode()
    assert ">Three</a>" in narrowed
    assert ">One</a>" not in narrowed


def test_another_portal_sees_none_of_them(client, browse):
    assert ">One</a>" not in browse(None, "globex").get("/demo/mail/").content.decode()
    assert browse(None, "globex").get(_open(client, "One")).status_code == 404


def test_a_message_shows_text_headers_and_frames(client):
    page = client.get(_open(client, "One"))
    body = page.content.decode()
    assert "Hello &lt;b&gt;" in body
    assert 'href="http://acme.localhost:8000/a/token/"' in body
    assert "Message-ID: " in body
    assert body.count("<iframe") == 2
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]


def test_a_mail_without_html_has_no_frame(client):
    url = _open(client, "Two")
    assert "<iframe" not in client.get(url).content.decode()
    assert client.get(f"{url}html/light/").status_code == 404


@pytest.mark.parametrize(
    ("scheme", "condition"), [("light", "(max-width: 0)"), ("dark", "(min-width: 0)")]
)
def test_the_html_is_shown_alone_under_a_policy_of_its_own(client, scheme, condition):
    answer = client.get(f"{_open(client, 'One')}html/{scheme}/")
    policy, html = answer.headers["Content-Security-Policy"], answer.content.decode()
    assert "default-src 'none'" in policy
    assert "script-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "sandbox allow-top-navigation-by-user-activation" in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert f"@media {condition}" in html
    assert f'<meta name="color-scheme" content="{scheme}"><base target="_top">' in html
    assert 'href="http://acme.localhost:8000/a/token/"' in html


def test_inline_style_is_allowed_there_and_nowhere_else(client):
    frame = client.get(f"{_open(client, 'One')}html/light/").headers["Content-Security-Policy"]
    assert "style-src 'unsafe-inline'" in frame
    for url in ("/demo/", "/demo/mail/", _open(client, "One")):
        assert "unsafe-inline" not in client.get(url).headers["Content-Security-Policy"]


@pytest.mark.parametrize("key", ["x", "0" * 64, "..", "%2e%2e%2fetc"])
def test_an_unknown_mail_is_not_found(client, key):
    assert client.get(f"/demo/mail/{key}/").status_code == 404
    assert client.get(f"/demo/mail/{key}/html/light/").status_code == 404
    assert client.get(f"{_open(client, 'One')}html/red/").status_code == 404


def test_readers_are_personas_first_then_others():
    from types import SimpleNamespace

    mails = [SimpleNamespace(address=a) for a in ("z@x.example", "p@x.example", "a@x.example")]
    people = [
        SimpleNamespace(email="p@x.example", name="Pat"),
        SimpleNamespace(email="q@x.example", name="Q"),
    ]
    assert [(r.name, r.count) for r in mailview.readers(mails, people)] == [
        ("Pat", 1),
        ("Q", 0),
        ("a@x.example", 1),
        ("z@x.example", 1),
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("http://acme.localhost/x", "http://acme.localhost:8000/x"),
        ('"http://acme.localhost:1"', '"http://acme.localhost:8000"'),
        ("http://acme.localhost.evil.example/", "http://acme.localhost.evil.example/"),
        ("http://xacme.localhost/", "http://xacme.localhost/"),
    ],
)
def test_links_lead_to_where_the_portal_listens_now(text, shown):
    assert mailview.at_home(text, "acme.localhost", "http://acme.localhost:8000") == shown


def test_a_mail_without_a_head_still_leaves_the_frame():
    assert mailview.shown_in("<p>Hi</p>", "dark").startswith('<meta name="color-scheme"')
