"""What holds for every answer: strict headers, nothing inline, a token in every form, and reading only reads.

The templates themselves are searched by `tests/ui/test_templates.py`; here it is what was rendered.
"""

import re

import pytest
from django.conf import settings

from tests.conftest import PortalClient
from tests.registrations.conftest import make_draft
from tests.standing.crawling import Read, crawl, read
from tests.standing.readings import state
from tests.standing.sides import READERS

CHOSEN = [reader for reader in READERS if str(reader) in {
    "anon@acme", "paula@acme", "sam@acme", "ada@acme", "ana@acme", "nadia@acme", "gerd@globex",
    "olga@ops",
}]  # fmt: skip
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
STRICT = {
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:",
    "font-src 'self'", "connect-src 'self'", "form-action 'self'", "base-uri 'none'",
    "frame-ancestors 'none'",
}  # fmt: skip
SANDBOXED = "default-src 'none'; sandbox"  # of a file that somebody has uploaded
INLINE = {
    "style attribute": r"<[^>]*\sstyle\s*=",
    "style element": r"<style\b",
    "script in the page": r"<script(?![^>]*\ssrc=)|<script[^>]*>[^<]+</script>",
    "event attribute": r"<[a-z][^>]*\son[a-z]+\s*=\s*[\"']",
    "evaluated attribute": r"\shx-on|(?:href|action|src)=[\"']\s*(?:javascript|data:text)|=[\"']js:",
}
FORM = re.compile(r"<form\b[^>]*>.*?</form>", re.S)
HOSTS = ("localhost", "nowhere.localhost", "stopped.localhost", "127.0.0.1", "bad_host")


def _pages(readings, reader) -> list[Read]:
    return readings.of(reader)


def _html(pages: list[Read]) -> list[Read]:
    return [page for page in pages if "text/html" in page.response.headers.get("Content-Type", "")]


@pytest.mark.parametrize("reader", CHOSEN, ids=str)
def test_reading_changes_nothing(reader, readings):
    readings.of(reader)
    assert readings.changed[str(reader)] == []


@pytest.mark.parametrize("reader", CHOSEN, ids=str)
def test_every_answer_carries_the_headers(reader, readings):
    wrong = {page.url: found for page in readings.of(reader) if (found := _wrong(page))}
    assert wrong == {}


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("path", ["/", "/deals/", "/demo/"])
def test_answers_of_hosts_without_a_portal_carry_them(host, path, world, real_portals):
    assert _wrong(read(PortalClient("acme", raise_request_exception=False), host, path)) == {}


def _wrong(page: Read) -> dict[str, str]:
    """Return the headers that are not as they must be."""
    headers = page.response.headers
    wrong = {name: headers.get(name, "") for name, value in HEADERS.items()
             if headers.get(name) != value}  # fmt: skip
    policy = headers.get("Content-Security-Policy", "")
    if policy != SANDBOXED and {part.strip() for part in policy.split(";")} != STRICT:
        wrong["Content-Security-Policy"] = policy
    for cookie in page.response.cookies.values():
        if not (cookie["httponly"] and cookie["samesite"] == "Lax") and cookie.value:
            wrong[f"cookie {cookie.key}"] = cookie.OutputString()
        if cookie["domain"]:
            wrong[f"cookie {cookie.key}"] = "is sent to other hosts"
    return wrong


def test_cookies_are_sent_over_tls_only_in_production():
    from pathlib import Path

    text = (Path(settings.BASE_DIR) / "prm" / "settings" / "prod.py").read_text()
    for name in ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS"):
        assert name in text


@pytest.mark.parametrize("reader", CHOSEN, ids=str)
def test_nothing_is_inline(reader, readings):
    found = {
        (page.url, what)
        for page in _html(readings.of(reader))
        for what, pattern in INLINE.items()
        if re.search(pattern, page.response.content.decode())
    }
    assert found == set()


@pytest.mark.parametrize("reader", CHOSEN, ids=str)
def test_every_form_that_posts_carries_a_token(reader, readings):
    bare, posts = [], 0
    for page in _html(readings.of(reader)):
        for form in FORM.findall(page.response.content.decode()):
            if re.search(r'method="post"', form, re.I):
                posts += 1
                if "csrfmiddlewaretoken" not in form:
                    bare.append(f"{page.url}: {form[:90]}")
    assert bare == []
    assert posts


def test_the_first_pages_of_a_new_portal_change_nothing(browse, pat, mia, ada):
    """Before the first deal there are no rules, no numbers, no counters; reading makes none."""
    draft = make_draft(pat, "First Customer")
    clients = {"pat": browse(pat), "mia": browse(mia), "ada": browse(ada)}
    deal = f"/deals/{draft.reference}/"
    starts = {
        "pat": ["/deals/", "/deals/new/", f"{deal}customer/", f"{deal}deal/", f"{deal}check/"],
        "mia": ["/manage/registrations/", "/manage/companies/", "/manage/partners/"],
        "ada": ["/settings/", "/settings/audit/", "/settings/people/", "/settings/messages/"],
    }
    for persona, client in clients.items():
        before = state()
        for page in crawl(client, "acme", starts[persona]):
            assert page.status < 500
        after = state()
        assert [name for name in before if before[name] != after[name]] == []
