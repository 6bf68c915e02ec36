"""A real browser before a real server: `portal`, and `window` for one person's browser in it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.register_assert_rewrite("tests.browser.line", "tests.browser.steps", "tests.browser.portal")

from tests.browser import portal as served  # noqa: E402 - after pytest knows whose asserts to explain
from tests.browser.routed import chromium  # noqa: E402


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Launch the machine's Chromium."""
    return chromium()


@pytest.fixture(scope="module")
def portal(own_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[served.Portal]:
    """The portal on a port of its own, over the module's own database."""
    folder: Path = tmp_path_factory.mktemp("mail")
    with served.running(folder) as running:
        yield running


@pytest.fixture
def window(browser: Any) -> Iterator[Callable[..., Any]]:
    """`window(script=False, width=320)` is a page in a browser of its own.

    The test fails if any page breaks the content policy or its script.
    """
    contexts, trouble = [], []

    def heard(message: Any) -> None:
        if "Content Security Policy" in message.text:
            trouble.append(message.text)

    def failed(error: str) -> None:
        if not error.startswith("Transition was"):  # the browser's own, when pages follow fast
            trouble.append(error)

    def make(*, script: bool = True, width: int = 1280, dark: bool = False) -> Any:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
        )
        contexts.append(context)
        context.set_default_timeout(30_000)
        page = context.new_page()
        page.on("console", heard)
        page.on("pageerror", lambda error: failed(str(error)))
        return page

    yield make
    for context in contexts:
        context.close()
    assert not trouble
