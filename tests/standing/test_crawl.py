"""Every page in real Chromium, light and dark, 1280 and 320 px: nothing that axe finds, nothing that scrolls
sideways, nothing that the content policy refuses."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser import routed
from tests.browser.axe import assert_axe_clean, assert_no_sideways_scroll
from tests.standing import matrix
from tests.standing.addresses import address_of
from tests.standing.matrix import Line
from tests.standing.sending import keys_for
from tests.standing.urls import URLCONFS

pytestmark = pytest.mark.browser

WIDTHS = (1280, 320)
THEMES = ("light", "dark")
HOSTS = {"tenant": "acme.localhost", "ops": "ops.localhost"}


def _reader(line: Line) -> str | None:
    """Return the first persona to whom the URL is a page; at ops, the operator alone."""
    known = (
        line.outcomes.items() if line.host == "tenant" else [("olga", line.outcomes.get("olga"))]
    )
    return next((who for who, both in known if both and both[0] == "200"), None)


PAGES = [
    (line, who)
    for line in matrix.lines()
    if line.host in HOSTS and (who := _reader(line)) is not None
]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The machine's own Chromium."""
    return routed.chromium()


@pytest.fixture(scope="module")
def pages(browser: Any, clients: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """One browser page per persona, answered by that persona's test client."""
    contexts, open_pages = [], {}
    for who, client in clients.items():
        context = browser.new_context(
            viewport={"width": WIDTHS[0], "height": 900}, reduced_motion="reduce"
        )
        routed.serve(context, client)
        contexts.append(context)
        open_pages[who] = context.new_page()
    yield open_pages
    for context in contexts:
        context.close()


@pytest.mark.parametrize(("line", "who"), PAGES, ids=[f"{a}-{b}" for a, b in PAGES])
def test_a_page_is_clean(line: Line, who: str, pages: dict[str, Any], world: Any) -> None:
    page, trouble = pages[who], []

    def heard(message: Any) -> None:
        if "Content Security Policy" in message.text:
            trouble.append(message.text)

    page.on("console", heard)
    try:
        keys = keys_for(world, line.host)
        path = address_of(line.name).url(line.name, keys, URLCONFS[line.host])
        answer = page.goto(f"http://{HOSTS[line.host]}{path}")
        assert answer.status == 200
        if not (answer.headers.get("content-type") or "").startswith("text/html"):
            return  # a file or a style sheet is no page
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            for theme in THEMES:
                page.evaluate(
                    "theme => { const root = document.documentElement;"
                    " root.dataset.theme = theme; root.dataset.bsTheme = theme }",
                    theme,
                )
                assert_axe_clean(page)
            assert_no_sideways_scroll(page)
    finally:
        page.remove_listener("console", heard)
    assert not trouble
