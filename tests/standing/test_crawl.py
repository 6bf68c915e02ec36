"""Every page in real Chromium: axe finds nothing in light and dark at 1280 and 320 pixels, nothing is
wider than a phone, and the console stays silent under the strict content policy."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.browser.axe import assert_axe_clean, assert_no_sideways_scroll
from tests.browser.routed import arrive, serve
from tests.conftest import PortalClient
from tests.standing import matrix, pages
from tests.standing.pages import Seen

pytestmark = pytest.mark.browser
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
SEND = """url => {
    const form = document.createElement('form');
    form.method = 'post'; form.action = url;
    document.body.append(form); setTimeout(() => form.submit());
}"""
THEME = "theme => { document.documentElement.dataset.bsTheme = theme; }"
MEANT = ("the server responded with a status of 4", "the server responded with a status of 503")


class Window:
    """One persona's page at one host, with what its console said."""

    def __init__(self, browser: Any, client: PortalClient, host: str) -> None:
        client.defaults["SERVER_NAME"] = host
        self.context = browser.new_context(
            viewport=WIDE,
            color_scheme="light",
            reduced_motion="reduce",
        )
        serve(self.context, client)
        self.page = self.context.new_page()
        self.heard: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.heard.append(str(error)))

    def open(self, seen: Seen) -> Any:
        """Show a page as a desk sees it by day."""
        self.heard.clear()
        self.page.set_viewport_size(WIDE)
        self.page.goto(f"http://{seen.host}{seen.url}")
        if seen.sent_empty:
            with self.page.expect_navigation():
                self.page.evaluate(SEND, seen.url)
        arrive(self.page)
        return self.page

    def _hear(self, message: Any) -> None:
        if message.type != "debug":  # Chromium's advice to authors
            self.heard.append(message.text)

    def unexpected(self) -> list[str]:
        """Return what the console said, but for the browser's own note of a status that is meant."""
        return [text for text in self.heard if not any(part in text for part in MEANT)]


@pytest.fixture(scope="module")
def windows(browser: Any, clients: dict[str, PortalClient]) -> Iterator[Callable[..., Window]]:
    """`windows("pat", "acme.localhost")`: one for each, opened once."""
    opened: dict[tuple[str, str], Window] = {}

    def get(persona: str, host: str) -> Window:
        if (persona, host) not in opened:
            client = PortalClient("acme", raise_request_exception=False)
            client.cookies.load({k: m.value for k, m in clients[persona].cookies.items()})
            opened[persona, host] = Window(browser, client, host)
        return opened[persona, host]

    yield get
    for window in opened.values():
        window.context.close()


@pytest.mark.parametrize("what", pages.names())
def test_a_page_is_clean_in_both_themes_and_both_widths(what, world, windows):
    seen = pages.find(what, world)
    window = windows(seen.persona, seen.host)
    page = window.open(seen)
    for size in (WIDE, PHONE):
        page.set_viewport_size(size)
        for theme in ("light", "dark"):
            page.evaluate(THEME, theme)
            assert_axe_clean(page)
        assert_no_sideways_scroll(page)
    assert window.unexpected() == []


def test_every_page_of_the_table_is_seen():
    shown = {
        line.name
        for line in matrix.lines()
        if any(get == "200" for get, _post in line.outcomes.values())
    }
    seen = {
        name.split(" ")[1] for name in pages.names() if name.startswith(("tenant", "ops", "pub"))
    }
    assert shown - seen == pages.UNSEEN.keys()
