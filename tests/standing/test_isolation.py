"""Nobody reads what is another tenant's or a rival's: pages, files, searches, errors, mails.

Every text of the seeded world holds the word of the side that typed it (`words.py`).
"""

import re

import pytest
from django.test import override_settings

from notifications import capture
from tests.conftest import PortalClient
from tests.standing import matrix, urls
from tests.standing.crawling import crawl, read, rivals
from tests.standing.readings import OTHER
from tests.standing.sending import keys_for, send
from tests.standing.sides import EVERY, PARTNERS, READERS, names_of, vendors_names
from tests.standing.words import WORDS, of_tenant

TABLE = matrix.lines()


pytestmark = pytest.mark.usefixtures("real_portals")


def _show(found: dict[str, list[str]]) -> dict[str, list[str]]:
    return {url: words for url, words in found.items() if words}


@pytest.mark.parametrize("reader", READERS, ids=str)
def test_nobody_reads_another_sides_words(reader, readings):
    pages = readings.of(reader)
    assert len(pages) > 10
    assert [page.url for page in pages if page.status >= 500] == []
    assert _show({page.url: page.words(reader.forbidden) for page in pages}) == {}


@pytest.mark.parametrize("reader", PARTNERS, ids=str)
def test_no_partner_reads_the_name_of_a_rivals_record(reader, readings):
    other = "own" if reader.persona == "sam" else "rival"
    names = names_of(reader.schema, other) | vendors_names(reader.schema)
    names |= names_of(OTHER[reader.schema], "rival")
    assert _show({page.url: page.words(names) for page in readings.of(reader)}) == {}


@pytest.mark.parametrize("reader", PARTNERS, ids=str)
def test_no_address_on_a_partners_page_counts(reader, readings):
    """A serial number in an address tells how many there are."""
    found = {
        page.url: re.findall(r'(?:href|action|hx-[a-z]+)="(/[^"]*/\d+(?:/[^"]*)?)"', page.text)
        for page in readings.of(reader)
    }
    assert _show(found) == {}


@pytest.mark.parametrize("reader", [r for r in READERS if r.may_read], ids=str)
def test_a_reader_does_read_what_is_theirs(reader, readings):
    """Without this, a crawl that reads nothing would pass."""
    read_here = {word for page in readings.of(reader) for word in page.words(reader.may_read)}
    assert read_here == reader.may_read


@pytest.mark.parametrize("reader", PARTNERS, ids=str)
def test_nothing_is_told_after_a_form(reader, world, clients):
    """The answers to all forms and the page after each: sentences, messages, headers."""
    keys = keys_for(world, "tenant")
    if reader.persona == "sam":
        keys = {**keys, **rivals(keys)}
    found = {}
    for line in TABLE:
        if line.outcomes.get(reader.like, ("", ""))[1] in {"200", "303", "422"}:
            answer = send(clients[reader.persona], "tenant", line.name, "POST", keys, follow=True)
            found[line.name] = answer.words(reader.forbidden)
    assert _show(found) == {}


@pytest.mark.parametrize("side", ["own", "rival"])
@pytest.mark.parametrize("schema", WORDS)
def test_a_link_from_a_mail_tells_nothing_else(schema, side, world):
    """Whoever has it reads what its mail said."""
    keys, words = world.of(schema), WORDS[schema]
    links = [token for key, token in keys.items() if key.startswith(f"{side}.") and "link" in key]
    assert len(links) == 6
    pages = [read(PortalClient(schema), schema, f"/a/{token}/") for token in links]
    told = {word for page in pages for word in page.words(EVERY)}
    assert told == {words.portal, getattr(words, side)}


@pytest.mark.parametrize("schema", WORDS)
def test_no_mail_tells_another_side(schema, world):
    words, other = WORDS[schema], of_tenant(OTHER[schema])
    mails = [capture.read(schema, mail.name) for mail in capture.mailbox(schema)]
    found = {}
    for opened in mails:
        address = opened.mail.address
        forbidden = other
        if _belongs(address, "own", schema):
            forbidden = other | {words.rival, words.staff}
        elif _belongs(address, "rival", schema):
            forbidden = other | {words.own, words.staff}
        headers = "\n".join(f"{name}: {value}" for name, value in opened.headers)
        text = f"{headers}\n{opened.text}\n{opened.html}".lower()
        found[f"{address}: {opened.mail.subject}"] = [word for word in forbidden if word in text]
    assert _show(found) == {}
    kinds = {_side_of(opened.mail.address, schema) for opened in mails}
    assert kinds == {"own", "rival", "vendor"}


def _side_of(address: str, schema: str) -> str:
    return next((s for s in ("own", "rival") if _belongs(address, s, schema)), "vendor")


def _belongs(address: str, side: str, schema: str) -> bool:
    domains = {
        "acme": {"own": "@harbor.", "rival": "@summit."},
        "globex": {"own": "@hafen.", "rival": "@kontor."},
    }
    return domains[schema][side] in address or getattr(WORDS[schema], side) in address


@pytest.mark.parametrize("host", ["localhost", "nowhere.localhost", "stopped.localhost",
                                  "failed.localhost", "127.0.0.1", "bad host"])  # fmt: skip
@pytest.mark.parametrize(
    "path", ["/", "/deals/", "/accounts/login/", "/readyz", "/livez", "/metrics"]
)
def test_a_host_without_a_portal_names_nothing(host, path, world):
    page = read(PortalClient("acme", raise_request_exception=False), host, path)
    assert (
        page.words(EVERY | {"acme software", "globex industrie", "failed one", "stopped one"}) == []
    )
    assert page.status < 500 or page.status == 503


@pytest.mark.parametrize("schema", WORDS)
def test_a_demos_mailbox_is_its_tenants(schema, world):
    other = of_tenant(OTHER[schema])
    with override_settings(DEMO=True, ROOT_URLCONF=urls.URLCONFS["tenant"]):
        found = list(crawl(PortalClient(schema), schema, ["/demo/", "/demo/mail/"]))
    assert _show({page.url: page.words(other) for page in found}) == {}
    assert any("/html/dark/" in page.url for page in found)
